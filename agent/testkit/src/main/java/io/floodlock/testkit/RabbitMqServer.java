package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The RabbitMQ that Debian's package has installed, as a separate node with streams on free loopback ports, with its
 * own data folder, which is deleted when the server is closed or this JVM exits. Thread-safe.
 */
public final class RabbitMqServer extends ServerProcess {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** The script behind the one on the PATH, which would change the user and the node. */
    private static final Path SCRIPT = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    private final int streamPort = FreePort.onLoopback();
    private final int nodePort = FreePort.onLoopback();
    private final int epmdPort = FreePort.onLoopback();
    private Process epmd;

    /**
     * Starts a node and returns when it accepts connections; empty if the package is not installed.
     *
     * @throws IllegalStateException if it ends during the start; the message contains its log
     * @throws AssertionError if it doesn't answer in time; the message contains its log
     */
    public static Optional<RabbitMqServer> startIfInstalled() {
        return Files.isExecutable(SCRIPT) ? Optional.of(launched(new RabbitMqServer())) : Optional.empty();
    }

    private RabbitMqServer() {
        super("rabbitmq", "RabbitMQ", FreePort.onLoopback(), START_LIMIT);
    }

    @Override
    void install() {
        try {
            Files.writeString(folder.resolve("plugins"), "[rabbitmq_stream].\n");
            Files.write(
                    folder.resolve("rabbitmq.conf"),
                    List.of(
                            "listeners.tcp.1 = 127.0.0.1:" + port(),
                            "stream.listeners.tcp.1 = 127.0.0.1:" + streamPort,
                            "stream.advertised_host = 127.0.0.1",
                            "stream.advertised_port = " + streamPort));
        } catch (IOException e) {
            throw new UncheckedIOException("RabbitMQ could not be prepared in " + folder, e);
        }
    }

    /** Starts Erlang's name service too. The node would start one that stays when the node has ended. */
    @Override
    Process started() throws IOException {
        epmd = start("epmd", "-port", Integer.toString(epmdPort), "-address", "127.0.0.1");
        return start(SCRIPT.toString());
    }

    private Process start(String... command) throws IOException {
        ProcessBuilder starting =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(toLog());
        starting.environment()
                .putAll(Map.ofEntries(
                        // the cookie of the node is there
                        Map.entry("HOME", folder.toString()),
                        Map.entry("ERL_EPMD_PORT", Integer.toString(epmdPort)),
                        Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                        Map.entry("RABBITMQ_NODENAME", "node" + port() + "@localhost"),
                        Map.entry("RABBITMQ_DIST_PORT", Integer.toString(nodePort)),
                        Map.entry(
                                "RABBITMQ_CONFIG_FILE",
                                folder.resolve("rabbitmq.conf").toString()),
                        // this machine's settings are not those of this node
                        Map.entry(
                                "RABBITMQ_CONF_ENV_FILE",
                                folder.resolve("no.conf").toString()),
                        Map.entry(
                                "RABBITMQ_ENABLED_PLUGINS_FILE",
                                folder.resolve("plugins").toString()),
                        Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString()),
                        Map.entry("RABBITMQ_LOG_BASE", folder.toString()),
                        Map.entry("RABBITMQ_LOGS", "-"),
                        // with input the script becomes the node's process; without, it is its parent
                        Map.entry("RABBITMQ_ALLOW_INPUT", "true"),
                        Map.entry("RABBITMQ_SERVER_START_ARGS", "-noinput"),
                        Map.entry(
                                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}")));
        return starting.start();
    }

    @Override
    boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public synchronized void kill() {
        super.kill();
        epmd.destroyForcibly();
    }

    @Override
    public void close() {
        super.close();
        if (epmd != null) {
            // a node that ended during its start is not killed
            epmd.destroyForcibly();
        }
    }

    /** The URI for clients of AMQP 0-9-1. */
    public String amqpUri() {
        return "amqp://127.0.0.1:" + port();
    }

    /** The URI for clients of streams. */
    public String streamUri() {
        return "rabbitmq-stream://127.0.0.1:" + streamPort;
    }
}
