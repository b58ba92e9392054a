package io.floodlock.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A real MariaDB 11.4 on a free loopback port, with its own data folder, which goes when the server is closed or this JVM
 * exits. The user is {@code root}, without a password. Starts as root too. Thread-safe.
 *
 * <p>A commit is on disk when it is acknowledged: what says so is set here, whatever the defaults of a release are.
 */
public final class MariaDbServer implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Map<String, String> SETTINGS = Map.of(
            "innodb-flush-log-at-trx-commit", "1",
            "innodb-doublewrite", "1",
            "innodb-log-file-size", "32M",
            "innodb-buffer-pool-size", "64M",
            "max-connections", "300",
            // the release makes itself a certificate, which takes seconds
            "ssl", "0",
            "log-warnings", "1");

    /** In this order, as the script that comes with the release does it. */
    private static final List<String> SYSTEM_TABLES = List.of(
            "mariadb_system_tables.sql",
            "mariadb_performance_tables.sql",
            "mariadb_system_tables_data.sql",
            "maria_add_gis_sp_bootstrap.sql");

    private final Path files = MariaDbFiles.unpacked();
    private final Path folder = TempFolder.create("mariadb");
    private final int port = FreePort.onLoopback();
    private final Map<String, String> settings = new TreeMap<>(SETTINGS);
    private final Thread killAtExit = new Thread(this::killAndDelete, "floodlock-testkit-mariadb-exit");
    private Process process;

    /**
     * Starts a server and returns when it answers.
     *
     * @param settings by name, as {@code innodb-lock-wait-timeout}, which override those above
     * @throws IllegalStateException if it doesn't answer in time; the message holds its log
     */
    public static MariaDbServer start(Map<String, String> settings) {
        MariaDbServer server = new MariaDbServer(settings);
        try {
            server.install();
            server.launch();
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    private MariaDbServer(Map<String, String> settings) {
        this.settings.putAll(settings);
        Runtime.getRuntime().addShutdownHook(killAtExit);
    }

    /** Makes the system tables, with a user root that has no password. */
    private void install() {
        try {
            Files.createDirectory(folder.resolve("data"));
            Process installing = launch("--bootstrap", "--enforce-storage-engine=");
            try (OutputStream sql = installing.getOutputStream()) {
                sql.write("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n"
                        .getBytes(StandardCharsets.UTF_8));
                for (String file : SYSTEM_TABLES) {
                    Files.copy(files.resolve("share").resolve(file), sql);
                }
            }
            if (installing.waitFor() != 0) {
                throw new IllegalStateException("MariaDB could not be installed in " + folder + "\n" + logText());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("MariaDB could not be installed in " + folder + "\n" + logText(), e);
        } catch (InterruptedException e) {
            throw Interrupts.restored("installing MariaDB", e);
        }
    }

    private synchronized void launch() {
        try {
            process = launch("--port=" + port, "--bind-address=127.0.0.1", "--skip-name-resolve");
        } catch (IOException e) {
            throw new UncheckedIOException("MariaDB could not be started", e);
        }
        Await.until(() -> "MariaDB answers on port " + port + "\n" + logText(), LIMIT, this::answers);
    }

    private Process launch(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                files.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + files,
                "--lc-messages-dir=" + files.resolve("share"),
                "--datadir=" + folder.resolve("data"),
                "--socket=" + folder.resolve("socket"),
                "--user=" + System.getProperty("user.name")));
        settings.forEach((name, value) -> command.add("--" + name + "=" + value));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log().toFile()))
                .start();
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new IllegalStateException("MariaDB exited with " + process.exitValue() + "\n" + logText());
        }
        try (Connection connection = DriverManager.getConnection(jdbcUrl("mysql"))) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    /** The URL of one of its databases, which names the user too. */
    public String jdbcUrl(String database) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?user=root";
    }

    public int port() {
        return port;
    }

    public synchronized long pid() {
        return process.pid();
    }

    /** Creates a database and returns its {@link #jdbcUrl}. */
    public String createDatabase(String name) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl("mysql"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE `" + name + "`");
        } catch (SQLException e) {
            throw new IllegalStateException("database " + name + " could not be created", e);
        }
        return jdbcUrl(name);
    }

    /** Sends SIGKILL and returns when the process is gone; the data folder stays. */
    public synchronized void kill() {
        Signals.kill(process.pid());
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw Interrupts.restored("waiting for MariaDB to die", e);
        }
    }

    /** Starts it again on the same port and data folder, after killing it where it still runs. */
    public synchronized void restart() {
        if (process.isAlive()) {
            kill();
        }
        launch();
    }

    /** Sends SIGSTOP: connections stay open and nothing is answered. */
    public synchronized void pause() {
        Signals.pause(process.pid());
    }

    /** Sends SIGCONT. */
    public synchronized void resume() {
        Signals.resume(process.pid());
    }

    private Path log() {
        return folder.resolve("mariadb.log");
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
