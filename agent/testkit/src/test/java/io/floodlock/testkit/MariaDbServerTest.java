package io.floodlock.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MariaDbServerTest {

    private static MariaDbServer mariaDb;

    @BeforeAll
    static void start() {
        mariaDb = MariaDbServer.start(Map.of("innodb-lock-wait-timeout", "7"));
    }

    @AfterAll
    static void close() {
        mariaDb.close();
    }

    @Test
    void isDurableAndAsToldToBe() throws SQLException {
        String url = mariaDb.jdbcUrl("mysql");
        assertEquals("1", ask(url, "SELECT @@innodb_flush_log_at_trx_commit"));
        assertEquals("ON", ask(url, "SELECT @@innodb_doublewrite"));
        assertEquals("7", ask(url, "SELECT @@innodb_lock_wait_timeout"));
        assertTrue(ask(url, "SELECT version()").startsWith("11.4."));
    }

    @Test
    void keepsCommittedAndPreparedWorkWhenItIsKilled() throws SQLException {
        String url = mariaDb.createDatabase("killed");
        execute(url, "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
        execute(url, "XA START 'p'", "INSERT INTO t VALUES (2)", "XA END 'p'", "XA PREPARE 'p'");
        mariaDb.kill();
        assertThrows(SQLException.class, () -> ask(url, "SELECT 1"));
        mariaDb.restart();
        assertEquals("1", ask(url, "SELECT count(*) FROM t"));
        execute(url, "XA COMMIT 'p'");
        assertEquals("2", ask(url, "SELECT count(*) FROM t"));
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
