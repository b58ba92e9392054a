package io.floodlock.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A real PostgreSQL 18 on a free loopback port, with its own data folder, which is deleted when the server is closed
 * or this JVM exits. The superuser is {@code postgres}, without a password. The server also starts for the operating
 * system's root. Thread-safe.
 *
 * <p>A commit is on disk when it is acknowledged. The library that contains the binaries turns fsync and
 * synchronous_commit off, which would falsify every durable figure and every kill test, so both are turned on here
 * explicitly.
 */
public final class PostgresServer extends Server {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Map<String, String> DURABLE = Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            "max_prepared_transactions", "200",
            "max_connections", "300",
            "listen_addresses", "127.0.0.1");

    private final Map<String, String> settings = new HashMap<>(DURABLE);
    private EmbeddedPostgres running;

    /**
     * Starts a server and returns when it answers.
     *
     * @param settings of postgresql.conf, which override those above
     * @throws IllegalStateException if it doesn't answer in time; the message contains its log
     */
    public static PostgresServer start(Map<String, String> settings) {
        return launched(new PostgresServer(settings));
    }

    private PostgresServer(Map<String, String> settings) {
        super("postgres", FreePort.onLoopback());
        this.settings.putAll(settings);
    }

    @Override
    synchronized void launch() {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port())
                .setPGStartupWait(LIMIT)
                .setOutputRedirector(toLog());
        settings.forEach(builder::setServerConfig);
        try {
            running = builder.start();
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException("PostgreSQL did not start on port " + port() + "\n" + logText(), e);
        }
    }

    @Override
    synchronized boolean running() {
        return running != null;
    }

    /** The URL of one of its databases; it also names the user. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database + "?user=postgres";
    }

    /** Creates a database and returns its {@link #jdbcUrl}. */
    public String createDatabase(String name) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(name, true));
        } catch (SQLException e) {
            throw new IllegalStateException("database " + name + " could not be created", e);
        }
        return jdbcUrl(name);
    }

    @Override
    public synchronized void kill() {
        List<ProcessHandle> processes = processes();
        processes.forEach(process -> Signals.kill(process.pid()));
        Await.until(
                "PostgreSQL's processes die", LIMIT, () -> processes.stream().noneMatch(ProcessHandle::isAlive));
        stop();
    }

    @Override
    public synchronized void pause() {
        processes().forEach(process -> Signals.pause(process.pid()));
    }

    @Override
    public synchronized void resume() {
        processes().forEach(process -> Signals.resume(process.pid()));
    }

    /** All processes, the postmaster first, so that it can't start another process in place of a killed one. */
    private List<ProcessHandle> processes() {
        List<ProcessHandle> processes = new ArrayList<>();
        ProcessHandle.of(postmasterPid()).ifPresent(postmaster -> {
            processes.add(postmaster);
            postmaster.descendants().forEach(processes::add);
        });
        return processes;
    }

    private long postmasterPid() {
        Path file = folder.resolve("data").resolve("postmaster.pid");
        try {
            return Long.parseLong(Files.readAllLines(file).get(0).trim());
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL on port " + port() + " doesn't run: " + file, e);
        }
    }

    /** Also releases the lock on the data folder, which a restart takes again. */
    @Override
    void stop() {
        try {
            running.close();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL on port " + port() + " did not stop", e);
        } finally {
            running = null;
        }
    }
}
