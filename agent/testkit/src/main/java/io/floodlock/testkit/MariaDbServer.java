package io.floodlock.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
 * A real MariaDB 11.4 on a free loopback port, with its own data folder, which is deleted when the server is closed
 * or this JVM exits. The user is {@code root}, without a password. The server also starts for the operating system's
 * root. Thread-safe.
 *
 * <p>A commit is on disk when it is acknowledged: the relevant settings are set here, whatever the defaults of a
 * release are.
 */
public final class MariaDbServer extends ServerProcess {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Map<String, String> SETTINGS = Map.of(
            "innodb-flush-log-at-trx-commit", "1",
            "innodb-doublewrite", "1",
            "innodb-log-file-size", "32M",
            "innodb-buffer-pool-size", "64M",
            "max-connections", "300",
            // otherwise the server creates a certificate, which takes seconds
            "ssl", "0",
            "log-warnings", "1");

    /** In the order of the script that is part of the release. */
    private static final List<String> SYSTEM_TABLES = List.of(
            "mariadb_system_tables.sql",
            "mariadb_performance_tables.sql",
            "mariadb_system_tables_data.sql",
            "maria_add_gis_sp_bootstrap.sql");

    private final Path files = MariaDbFiles.unpacked();
    private final Map<String, String> settings = new TreeMap<>(SETTINGS);

    /**
     * Starts a server and returns when it answers.
     *
     * @param settings by name, as {@code innodb-lock-wait-timeout}; they override those above
     * @throws IllegalStateException if it ends during the start; the message contains its log
     * @throws AssertionError if it doesn't answer in time; the message contains its log
     */
    public static MariaDbServer start(Map<String, String> settings) {
        return launched(new MariaDbServer(settings));
    }

    private MariaDbServer(Map<String, String> settings) {
        super("mariadb", "MariaDB", FreePort.onLoopback(), LIMIT);
        this.settings.putAll(settings);
    }

    /** Creates the system tables, with a user root that has no password. */
    @Override
    void install() {
        try {
            Files.createDirectory(folder.resolve("data"));
            Process installing = process("--bootstrap", "--enforce-storage-engine=");
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

    @Override
    Process started() throws IOException {
        return process("--port=" + port(), "--bind-address=127.0.0.1", "--skip-name-resolve");
    }

    private Process process(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                files.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + files,
                "--lc-messages-dir=" + files.resolve("share"),
                "--datadir=" + folder.resolve("data"),
                "--socket=" + folder.resolve("socket"),
                // a server that starts removes all temporary tables that it finds here, also those of another one
                "--tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
                "--user=" + System.getProperty("user.name")));
        settings.forEach((name, value) -> command.add("--" + name + "=" + value));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(toLog())
                .start();
    }

    @Override
    boolean answers() {
        try (Connection connection = DriverManager.getConnection(jdbcUrl("mysql"))) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    /** The URL of one of its databases; it also names the user. */
    public String jdbcUrl(String database) {
        return "jdbc:mariadb://127.0.0.1:" + port() + "/" + database + "?user=root";
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
}
