package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A real Kafka broker, which is its own controller, on free loopback ports, with its own data folder, which is deleted
 * when the server is closed or this JVM exits. The caller brings Kafka's jars, because they clash with those of others.
 * Thread-safe.
 */
public final class KafkaServer extends ServerProcess {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** The options of Kafka's own start script. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xms1g",
            "-Xmx1g",
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent");

    private final String classPath;
    private final Path config = folder.resolve("server.properties");

    /**
     * Starts a broker and returns when it accepts connections.
     *
     * @param jars a folder with the jars of {@code kafka_2.13} and its dependencies
     * @throws IllegalStateException if it ends during the start; the message contains its log
     * @throws AssertionError if it doesn't answer in time; the message contains its log
     */
    public static KafkaServer start(Path jars) {
        return launched(new KafkaServer(jars));
    }

    private KafkaServer(Path jars) {
        super("kafka", "Kafka", FreePort.onLoopback(), START_LIMIT);
        classPath = jars.resolve("*").toString();
    }

    @Override
    void install() {
        String broker = "127.0.0.1:" + port();
        String controller = "127.0.0.1:" + FreePort.onLoopback();
        try {
            Files.write(
                    config,
                    List.of(
                            "process.roles=broker,controller",
                            "node.id=1",
                            "controller.quorum.bootstrap.servers=" + controller,
                            "controller.listener.names=CONTROLLER",
                            "listeners=PLAINTEXT://" + broker + ",CONTROLLER://" + controller,
                            "advertised.listeners=PLAINTEXT://" + broker + ",CONTROLLER://" + controller,
                            "log.dirs=" + folder.resolve("data"),
                            // a single broker can hold one replica only
                            "offsets.topic.replication.factor=1",
                            "offsets.topic.num.partitions=1",
                            // the first consumer of a group starts at once
                            "group.initial.rebalance.delay.ms=0"));
            Process format = java(
                    "kafka.tools.StorageTool", "format", "--standalone", "-t", "floodlock", "-c", config.toString());
            if (format.waitFor() != 0) {
                throw new IllegalStateException("Kafka's data folder could not be prepared\n" + logText());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Kafka could not be prepared in " + folder, e);
        } catch (InterruptedException e) {
            throw Interrupts.restored("preparing Kafka's data folder", e);
        }
    }

    @Override
    Process started() throws IOException {
        return java("kafka.Kafka", config.toString());
    }

    private Process java(String main, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Jdks.current().java().toString());
        command.addAll(JVM_OPTIONS);
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(toLog())
                .start();
    }

    @Override
    boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The value of {@code bootstrap.servers} for its clients. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port();
    }
}
