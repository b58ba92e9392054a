package io.floodlock.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server process on a free loopback port, with its own data folder, which is deleted when the server is
 * closed or this JVM exits. Thread-safe.
 *
 * <p>By default it stores nothing on disk (no append-only file, no snapshots) and evicts nothing, so that no test or
 * figure depends on a default of Redis.
 */
public final class RedisServer extends ServerProcess {

    private static final Duration START_LIMIT = Duration.ofSeconds(20);

    /** Snapshot and append-only file, with names that no test changes; from Redis 7 on the latter is a folder. */
    private static final List<String> DATA = List.of("dump.rdb", "appendonly.aof", "appendonlydir");

    private final String password;
    private final List<String> command;
    private final Map<String, String> environment = new HashMap<>();

    /**
     * Starts a server and returns when it answers.
     *
     * @param configLines lines of redis.conf, as {@code "appendonly yes"}; a later line overrides an earlier one
     * @throws IllegalStateException if it ends during the start; the message contains its log
     * @throws AssertionError if it doesn't answer in time; the message contains its log
     */
    public static RedisServer start(String... configLines) {
        return launched(new RedisServer(null, FreePort.onLoopback(), List.of(configLines), List.of()));
    }

    /** As {@link #start}, with a redis-server of this machine in place of the testkit's. */
    public static RedisServer installed(Path executable, String... configLines) {
        return launched(new RedisServer(executable, FreePort.onLoopback(), List.of(configLines), List.of()));
    }

    /** The redis-server that is installed on this machine, found by the PATH and in the usual folders. */
    public static Optional<Path> onPath() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Arrays.stream(path.split(File.pathSeparator)), Stream.of("/usr/bin", "/usr/local/bin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param options command-line options after the configuration file */
    static RedisServer start(int port, List<String> configLines, List<String> options) {
        return launched(new RedisServer(null, port, configLines, options));
    }

    /** As {@link #start(String...)}, with a separate clock. */
    public static RedisServer start(FakeClock clock, String... configLines) {
        RedisServer server = new RedisServer(null, FreePort.onLoopback(), List.of(configLines), List.of());
        server.environment.putAll(clock.environment());
        return launched(server);
    }

    private RedisServer(Path installed, int port, List<String> configLines, List<String> options) {
        super("redis", "redis-server", port, START_LIMIT);
        password = configLines.stream()
                .filter(line -> line.startsWith("requirepass "))
                .map(line -> line.substring("requirepass ".length()).trim())
                .findFirst()
                .orElse(null);
        List<String> lines = new ArrayList<>(List.of(
                "bind 127.0.0.1",
                "port " + port,
                "daemonize no",
                "dir " + folder,
                "appendonly no",
                "appendfsync everysec",
                "save \"\"",
                "maxmemory-policy noeviction"));
        lines.addAll(configLines);
        try {
            Path config = Files.write(folder.resolve("redis.conf"), lines);
            command = new ArrayList<>(
                    List.of(installed == null ? executable(folder) : installed.toString(), config.toString()));
            command.addAll(options);
        } catch (IOException e) {
            throw new UncheckedIOException("redis-server could not be unpacked to " + folder, e);
        }
    }

    private static String executable(Path folder) throws IOException {
        return ExecutableProvider.newJarResourceProvider(folder.toFile()).get().getAbsolutePath();
    }

    @Override
    Process started() throws IOException {
        ProcessBuilder starting =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(toLog());
        starting.environment().putAll(environment);
        return starting.start();
    }

    @Override
    boolean answers() {
        try (RedisClient client = new RedisClient(port(), password)) {
            return client.call("PING").equals("PONG");
        } catch (IOException e) {
            return false;
        }
    }

    /** The value for {@code floodlock.redis}, with the password of a {@code requirepass} line. */
    public String url() {
        return "redis://" + (password == null ? "" : ":" + password + "@") + "127.0.0.1:" + port();
    }

    /** As {@link #restart()}, without its stored data. */
    public synchronized void restartEmpty() {
        killIfRunning();
        for (String data : DATA) {
            TempFolder.delete(folder.resolve(data));
        }
        launch();
    }

    /**
     * Sends one command over a new connection.
     *
     * @return the reply as text: one line per element of an array, {@code (nil)}, {@code (error) ...}
     */
    public String cli(String... command) {
        try (RedisClient client = new RedisClient(port(), password)) {
            return client.call(command);
        } catch (IOException e) {
            throw new UncheckedIOException("redis-server on port " + port() + ": " + command[0], e);
        }
    }
}
