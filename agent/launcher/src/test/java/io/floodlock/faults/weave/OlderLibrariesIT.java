package io.floodlock.faults.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.faults.ClassPath;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.older.OlderLibraries;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/**
 * An application with older versions of Redisson, Netty, Byte Buddy, Jackson and SLF4J uses its own, beside and inside woven
 * methods, and ends as it does without the agent.
 */
@OnEachJdk
class OlderLibrariesIT {

    @Parameter
    Jdk jdk;

    @Test
    void theApplicationUsesItsOwn() throws IOException {
        try (RedisServer redis = RedisServer.start();
                ForkedJvm with = program(redis)
                        .jvmArgs("-javaagent:" + ClassPath.agentJar())
                        .property("floodlock.redis", redis.url())
                        .start();
                ForkedJvm without = program(redis).start()) {
            assertEquals(0, with.awaitExit(), with::output);
            assertEquals(0, without.awaitExit(), without::output);

            assertTrue(with.lines().contains("agent true"), with::output);
            assertEquals(results(without), results(with));
            assertEquals(
                    List.of(
                            "uses redisson-3.17.7.jar",
                            "uses netty-common-4.1.82.Final.jar",
                            "uses byte-buddy-1.12.10.jar",
                            "uses jackson-databind-2.13.4.jar",
                            "uses slf4j-api-1.7.36.jar",
                            "locked {\"item\":\"item\"} generated item",
                            "queued {\"item\":\"item\"}",
                            "netty true"),
                    results(with));
            assertTrue(with.output().contains("the body logs with its own SLF4J"), with::output);
        }
    }

    private ForkedJvm.Builder program(RedisServer redis) throws IOException {
        Path application = ClassPath.of(OlderLibraries.class);
        List<Path> classPath = new ArrayList<>(List.of(application));
        try (Stream<Path> libraries = Files.list(application.resolveSibling("libraries"))) {
            libraries.forEach(classPath::add);
        }
        return ForkedJvm.main(OlderLibraries.class.getName())
                .jdk(jdk)
                .classPath(classPath.toArray(Path[]::new))
                .args(redis.url());
    }

    private static List<String> results(ForkedJvm jvm) {
        return jvm.lines().stream()
                .filter(line -> line.matches("(uses|locked|queued|netty) .*"))
                .toList();
    }
}
