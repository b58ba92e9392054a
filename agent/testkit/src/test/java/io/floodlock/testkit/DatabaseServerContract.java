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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What every database server of the testkit does when a test harms it. */
abstract class DatabaseServerContract {

    abstract Server server();

    /** The URL of a new database. */
    abstract String createDatabase(String name);

    /** Statements that prepare a branch called p, which inserts a 2 into t. */
    abstract String[] prepare();

    abstract String commitPrepared();

    @Test
    void keepsCommittedAndPreparedWorkWhenItIsKilled() throws SQLException {
        String url = createDatabase("killed");
        execute(url, "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
        execute(url, prepare());
        server().kill();
        assertThrows(SQLException.class, () -> ask(url, "SELECT 1"));
        server().restart();
        assertEquals("1", ask(url, "SELECT count(*) FROM t"));
        execute(url, commitPrepared());
        assertEquals("2", ask(url, "SELECT count(*) FROM t"));
    }

    @Test
    void answersNothingWhilePaused() throws Exception {
        String url = createDatabase("paused");
        server().pause();
        CompletableFuture<Boolean> reply = CompletableFuture.supplyAsync(() -> {
            try {
                return ask(url, "SELECT 1").equals("1");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThrows(TimeoutException.class, () -> reply.get(200, TimeUnit.MILLISECONDS));
        assertFalse(reply.isDone());
        server().resume();
        assertTrue(reply.get(20, TimeUnit.SECONDS));
    }

    static String ask(String url, String query) throws SQLException {
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
