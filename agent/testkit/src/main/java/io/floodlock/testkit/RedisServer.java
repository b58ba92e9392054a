package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server process on a free loopback port, with its own data folder, which goes when the server is closed or
 * this JVM exits. Thread-safe.
 *
 * <p>Unless told otherwise it keeps nothing on disk (no append-only file, no snapshots) and evicts nothing, so that no test
 * or figure depends on a default.
 */
public final class RedisServer implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(20);

    /** Snapshot and append-only file, by the names that no test changes; a folder from Redis 7 on. */
    private static final List<String> DATA = List.of("dump.rdb", "appendonly.aof", "appendonlydir");

    private final Path folder;
    private final int port;
    private final String password;
    private final List<String> command;
    private final Map<String, String> environment = new HashMap<>();
    private final Thread killAtExit;
    private Process process;

    /**
     * Starts a server and returns when it answers.
     *
     * @param configLines lines of redis.conf, as {@code "appendonly yes"}; a later line overrides an earlier one
     * @throws IllegalStateException if it doesn't answer in time; the message holds its log
     */
    public static RedisServer start(String... configLines) {
        return started(new RedisServer(null, FreePort.onLoopback(), List.of(configLines), List.of()));
    }

    /** As {@link #start}, with a redis-server of this machine in place of the one that the testkit brings. */
    public static RedisServer installed(Path executable, String... configLines) {
        return started(new RedisServer(executable, FreePort.onLoopback(), List.of(configLines), List.of()));
    }

    /** @param options of the command line, behind the file */
    static RedisServer start(int port, List<String> configLines, List<String> options) {
        return started(new RedisServer(null, port, configLines, options));
    }

    /** As {@link #start(String...)}, by a clock of its own. */
    public static RedisServer start(FakeClock clock, String... configLines) {
        RedisServer server = new RedisServer(null, FreePort.onLoopback(), List.of(configLines), List.of());
        server.environment.putAll(clock.environment());
        return started(server);
    }

    private static RedisServer started(RedisServer server) {
        try {
            server.launch();
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    private RedisServer(Path installed, int port, List<String> configLines, List<String> options) {
        this.port = port;
        folder = TempFolder.create("redis");
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
        killAtExit = new Thread(this::killAndDelete, "floodlock-testkit-redis-exit");
        Runtime.getRuntime().addShutdownHook(killAtExit);
    }

    private static String executable(Path folder) throws IOException {
        return ExecutableProvider.newJarResourceProvider(folder.toFile()).get().getAbsolutePath();
    }

    private synchronized void launch() {
        try {
            ProcessBuilder starting = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            starting.environment().putAll(environment);
            process = starting.start();
        } catch (IOException e) {
            throw new UncheckedIOException("redis-server could not be started", e);
        }
        Await.until(() -> "redis-server answers on port " + port + "\n" + logText(), START_LIMIT, this::answers);
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new IllegalStateException("redis-server exited with " + process.exitValue() + "\n" + logText());
        }
        try (RedisClient client = new RedisClient(port, password)) {
            return client.ask("PING").equals("PONG");
        } catch (IOException e) {
            return false;
        }
    }

    /** As {@code floodlock.redis} wants it, with the password of a {@code requirepass} line. */
    public String url() {
        return "redis://" + (password == null ? "" : ":" + password + "@") + "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public synchronized long pid() {
        return process.pid();
    }

    synchronized boolean alive() {
        return process.isAlive();
    }

    /** Sends SIGKILL and returns when the process is gone; the data folder stays. */
    public synchronized void kill() {
        Signals.kill(process.pid());
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw Interrupts.restored("waiting for redis-server to die", e);
        }
    }

    /** Starts it again on the same port and data folder, after killing it where it still runs. */
    public synchronized void restart() {
        if (process.isAlive()) {
            kill();
        }
        launch();
    }

    /** As {@link #restart()}, without anything that it has stored. */
    public synchronized void restartEmpty() {
        if (process.isAlive()) {
            kill();
        }
        for (String data : DATA) {
            TempFolder.delete(folder.resolve(data));
        }
        launch();
    }

    /** Sends SIGSTOP: the server keeps its connections and answers nothing. */
    public synchronized void pause() {
        Signals.pause(process.pid());
    }

    /** Sends SIGCONT. */
    public synchronized void resume() {
        Signals.resume(process.pid());
    }

    /**
     * Sends one command over a connection of its own.
     *
     * @return the reply as text: elements of an array by line, {@code (nil)}, {@code (error) ...}
     */
    public String cli(String... command) {
        try (RedisClient client = new RedisClient(port, password)) {
            return client.ask(command);
        } catch (IOException e) {
            throw new UncheckedIOException("redis-server on port " + port + ": " + command[0], e);
        }
    }

    private Path log() {
        return folder.resolve("redis.log");
    }

    private String logText() {
        try {
            return Files.exists(log()) ? Files.readString(log()) : "(no log)";
        } catch (IOException e) {
            return "(log not readable: " + e + ")";
        }
    }

    /** Kills the server and deletes its data folder. */
    @Override
    public void close() {
        killAndDelete();
        try {
            Runtime.getRuntime().removeShutdownHook(killAtExit);
        } catch (IllegalStateException e) {
            // the JVM is exiting, so the hook runs or has run
        }
    }

    private synchronized void killAndDelete() {
        if (process != null && process.isAlive()) {
            kill();
        }
        TempFolder.delete(folder);
    }
}
