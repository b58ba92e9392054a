package io.floodlock.runtime.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.fence.Holders.Holder;
import io.floodlock.testkit.MariaDbServer;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MariaDbFenceTest extends FenceContract {

    private static final MariaDbServer SERVER = MariaDbServer.start(Map.of());
    private static final Map<String, String> URLS = new HashMap<>();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    /** As MariaDB commits before it. */
    @Test
    void whatChangesATableEndsTheClaimSoTheNextStatementClaimsAnew() throws Exception {
        Holder first = exclusive("ddl:1");
        Holder second = exclusive("ddl:1");
        holders.work(first);
        try (Connection connection = manual()) {
            set(connection, 1, 1);
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE OR REPLACE TABLE made (id int)");
            }
            write(second, 1, 2);
            holders.work(first);
            failure(Failure.STALE_LOCK, () -> set(connection, 1, 3));
        }
        assertEquals(2, stored(1));
    }

    @Override
    String url(String name) {
        return URLS.computeIfAbsent(name, SERVER::createDatabase);
    }

    @Override
    String waiting() {
        return "SELECT variable_value FROM information_schema.global_status"
                + " WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'";
    }

    @Override
    String numbered() {
        return "CREATE TABLE numbered (id int AUTO_INCREMENT PRIMARY KEY, amount int)";
    }

    @Override
    String limitSql() {
        return "SELECT CONCAT(@@innodb_lock_wait_timeout, ' ', @@max_statement_time)";
    }
}
