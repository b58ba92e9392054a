package io.floodlock.examples.kit;

import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Runs a small example in two JVMs with the agent and one Redis. Each JVM gets the path of a file that both share.
 * Prints the last line of the first JVM, and exits with 0 if both JVMs did.
 */
final class Launch {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private Launch() {}

    public static void main(String[] args) throws Exception {
        String name = args[0];
        String mainClass = args[1];
        Path shared = Files.createTempFile("floodlock-" + name + "-", ".txt");
        boolean sound;
        try (RedisServer redis = RedisServer.start("appendonly yes", "appendfsync everysec")) {
            System.err.println("2 JVMs with the agent, " + redis.url() + ", " + shared);
            List<ForkedJvm> jvms = IntStream.rangeClosed(1, 2)
                    .mapToObj(number -> Agent.jvm(mainClass, redis.url())
                            .args(shared.toString())
                            .onLine(line -> System.err.println("jvm " + number + " | " + line))
                            .start())
                    .toList();
            sound = jvms.stream().mapToInt(jvm -> jvm.awaitExit(LIMIT)).sum() == 0;
            List<String> lines = jvms.get(0).lines();
            System.out.println(name + ": " + (lines.isEmpty() ? "no output" : lines.get(lines.size() - 1)));
        } finally {
            Files.deleteIfExists(shared);
        }
        System.exit(sound ? 0 : 1);
    }
}
