package io.floodlock.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MariaDbServerIT extends DatabaseServerContract {

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

    @Override
    Server server() {
        return mariaDb;
    }

    @Override
    String createDatabase(String name) {
        return mariaDb.createDatabase(name);
    }

    @Override
    String[] prepare() {
        return new String[] {"XA START 'p'", "INSERT INTO t VALUES (2)", "XA END 'p'", "XA PREPARE 'p'"};
    }

    @Override
    String commitPrepared() {
        return "XA COMMIT 'p'";
    }
}
