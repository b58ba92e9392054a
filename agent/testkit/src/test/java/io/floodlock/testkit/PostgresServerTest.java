package io.floodlock.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresServerTest {

    private static PostgresServer postgres;

    @BeforeAll
    static void start() {
        postgres = PostgresServer.start(Map.of("max_prepared_transactions", "7"));
    }

    @AfterAll
    static void close() {
        postgres.close();
    }

    @Test
    void isDurableWhateverTheLibraryDefaultsTo() throws SQLException {
        String url = postgres.jdbcUrl("postgres");
        assertEquals("on", ask(url, "SHOW fsync"));
        assertEquals("on", ask(url, "SHOW synchronous_commit"));
        assertEquals("on", ask(url, "SHOW full_page_writes"));
        assertEquals("7", ask(url, "SHOW max_prepared_transactions"));
        assertTrue(ask(url, "SHOW server_version").startsWith("18."));
    }

    @Test
    void keepsCommittedAndPreparedWorkWhenItIsKilled() throws SQLException {
        String url = postgres.createDatabase("killed");
        execute(url, "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
        execute(url, "BEGIN", "INSERT INTO t VALUES (2)", "PREPARE TRANSACTION 'p'");
        postgres.kill();
        assertThrows(SQLException.class, () -> ask(url, "SELECT 1"));
        postgres.restart();
        assertEquals("1", ask(url, "SELECT count(*) FROM t"));
        execute(url, "COMMIT PREPARED 'p'");
        assertEquals("2", ask(url, "SELECT count(*) FROM t"));
    }

    @Test
    void answersNothingWhilePaused() throws Exception {
        String url = postgres.jdbcUrl("postgres");
        postgres.pause();
        CompletableFuture<Boolean> reply = CompletableFuture.supplyAsync(() -> {
            try {
                return ask(url, "SELECT 1").equals("1");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThrows(TimeoutException.class, () -> reply.get(200, TimeUnit.MILLISECONDS));
        assertFalse(reply.isDone());
        postgres.resume();
        assertTrue(reply.get(20, TimeUnit.SECONDS));
    }

    private static String ask(String url, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void execute(String url, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
