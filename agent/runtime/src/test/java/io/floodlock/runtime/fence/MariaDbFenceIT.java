package io.floodlock.runtime.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.fence.Holders.Holder;
import io.floodlock.testkit.MariaDbServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MariaDbFenceIT extends FenceContract {

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

    /** A deadlock ends the whole transaction in the database, and what it had claimed before with it. */
    @Test
    void afterADeadlockWhatWasClaimedIsClaimedAnew() throws Exception {
        Holder a = exclusive("deadlock:a");
        Holder b = exclusive("deadlock:b");
        holders.work(a);
        try (Connection connection = readCommitted()) {
            set(connection, 1, 1);
            CompletableFuture<Void> other = async(b, () -> {
                try (Connection beside = readCommitted()) {
                    // InnoDB ends the one that has changed less
                    try (Statement statement = beside.createStatement()) {
                        statement.executeUpdate("INSERT INTO item VALUES (3, 0), (4, 0), (5, 0), (6, 0)");
                    }
                    holders.work(b, exclusive("deadlock:a"));
                    set(beside, 1, 2);
                    beside.commit();
                }
            });
            awaitBlocked(other);
            holders.work(a, exclusive("deadlock:b"));
            SQLException deadlock = assertThrows(SQLException.class, () -> set(connection, 2, 1));
            assertEquals("40001", deadlock.getSQLState(), deadlock.getMessage());
            other.get(20, TimeUnit.SECONDS);
            holders.work(a);
            failure(Failure.STALE_LOCK, () -> set(connection, 1, 3));
        }
        assertEquals(2, stored(1));
    }

    private Connection readCommitted() throws SQLException {
        Connection connection = manual();
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        return connection;
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
