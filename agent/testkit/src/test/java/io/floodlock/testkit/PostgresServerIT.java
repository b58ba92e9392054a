package io.floodlock.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresServerIT extends DatabaseServerContract {

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

    @Override
    Server server() {
        return postgres;
    }

    @Override
    String createDatabase(String name) {
        return postgres.createDatabase(name);
    }

    @Override
    String[] prepare() {
        return new String[] {"BEGIN", "INSERT INTO t VALUES (2)", "PREPARE TRANSACTION 'p'"};
    }

    @Override
    String commitPrepared() {
        return "COMMIT PREPARED 'p'";
    }
}
