package io.floodlock.runtime.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.testkit.Await;
import io.floodlock.testkit.MariaDbServer;
import io.floodlock.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each finding, provoked; and on what is well, none. */
@Timeout(120)
class DatabaseChecksIT {

    @Test
    void postgres() throws SQLException {
        try (PostgresServer server = PostgresServer.start(Map.of("idle_in_transaction_session_timeout", "60s"))) {
            String owner = server.createDatabase("shop");
            String role = owner.replace("user=postgres", "user=shop");
            assertEquals(Set.of(), look(owner));
            run(owner, "CREATE ROLE shop LOGIN");
            assertEquals(Set.of("floodlock_fence", "floodlock_tx"), look(role));
            Ddl.statements("postgresql").forEach(sql -> run(owner, sql));
            assertEquals(Set.of("floodlock_fence", "floodlock_tx"), look(role), "no rights yet");
            Ddl.grants("postgresql", "shop").forEach(sql -> run(owner, sql));
            assertEquals(Set.of(), look(role));
            run(owner, "BEGIN; PREPARE TRANSACTION 'fl1:shop:x'");
            Await.until("a finding", Duration.ofSeconds(30), () -> {
                try {
                    return look(role).equals(Set.of("branches of other roles"));
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertEquals(Set.of(), look(owner), "a superuser may finish it");
            run(owner, "ROLLBACK PREPARED 'fl1:shop:x'");
            run(owner, "REVOKE UPDATE ON floodlock_fence FROM shop");
            assertEquals(Set.of("floodlock_fence"), look(role));
            Ddl.grants("postgresql", "shop").forEach(sql -> run(owner, sql));
            run(owner, "UPDATE floodlock_fence SET format = 2");
            run(owner, "DELETE FROM floodlock_tx");
            assertEquals(Set.of("floodlock_fence format", "floodlock_tx format"), look(role));
        }
    }

    @Test
    void aPostgresThatForgets() throws SQLException {
        Map<String, String> settings = Map.of(
                "fsync", "off",
                "synchronous_commit", "off",
                "max_prepared_transactions", "0",
                "default_transaction_isolation", "serializable",
                "default_transaction_read_only", "on");
        try (PostgresServer server = PostgresServer.start(settings)) {
            assertEquals(
                    Set.of(
                            "fsync",
                            "synchronous_commit",
                            "max_prepared_transactions",
                            "default_transaction_isolation",
                            "writable"),
                    look(server.jdbcUrl("postgres")));
        }
    }

    @Test
    void aPostgresAsItIsInstalledHasNothingToMendBeforeSomethingIsUsedThatNeedsIt() throws SQLException {
        try (PostgresServer server = PostgresServer.start(Map.of("max_prepared_transactions", "0"))) {
            String url = server.createDatabase("shop");
            assertEquals(Set.of(), names(url, true, Check.State.FINDING));
            assertEquals(
                    Set.of("max_prepared_transactions", "idle_in_transaction_session_timeout"),
                    names(url, true, Check.State.NOTE));
            // several databases: not all of them can be the one that decides
            assertEquals(Set.of("max_prepared_transactions"), names(url, false, Check.State.FINDING));
            Ddl.statements("postgresql").forEach(sql -> run(url, sql));
            assertEquals(Set.of("idle_in_transaction_session_timeout"), names(url, true, Check.State.FINDING));
        }
    }

    @Test
    void aMariaDbAsItIsInstalledHasNothingToMendBeforeLocksAreFenced() throws SQLException {
        try (MariaDbServer server = MariaDbServer.start(Map.of())) {
            String url = server.createDatabase("shop");
            assertEquals(Set.of(), names(url, true, Check.State.FINDING));
            assertEquals(Set.of("idle_transaction_timeout", "isolation"), names(url, true, Check.State.NOTE));
            Ddl.statements("mysql").forEach(sql -> run(url, sql));
            assertEquals(Set.of("idle_transaction_timeout", "isolation"), names(url, true, Check.State.FINDING));
        }
    }

    @Test
    void mariaDb() throws SQLException {
        Map<String, String> settings =
                Map.of("transaction-isolation", "READ-COMMITTED", "idle-transaction-timeout", "60");
        try (MariaDbServer server = MariaDbServer.start(settings)) {
            String owner = server.createDatabase("shop");
            String role = owner.replace("user=root", "user=shop");
            assertEquals(Set.of(), look(owner));
            run(owner, "CREATE USER shop");
            run(owner, "CREATE TABLE ledger (id INT)");
            run(owner, "GRANT SELECT, INSERT ON shop.ledger TO shop");
            assertEquals(Set.of("floodlock_fence"), look(role));
            Ddl.statements("mysql").forEach(sql -> run(owner, sql));
            assertEquals(Set.of("floodlock_fence"), look(role), "no rights yet");
            Ddl.grants("mysql", "shop").forEach(sql -> run(owner, sql));
            assertEquals(Set.of(), look(role));
            run(owner, "REVOKE DELETE ON floodlock_fence FROM shop");
            assertEquals(Set.of("floodlock_fence"), look(role));
            Ddl.grants("mysql", "shop@%").forEach(sql -> run(owner, sql));
            run(owner, "UPDATE floodlock_fence SET format = 2");
            assertEquals(Set.of("floodlock_fence format"), look(role));
            run(owner, "UPDATE floodlock_fence SET format = 1");

            run(owner, "SET GLOBAL idle_transaction_timeout = 0");
            run(owner, "SET GLOBAL innodb_lock_wait_timeout = 3600");
            run(owner, "SET GLOBAL innodb_flush_log_at_trx_commit = 2");
            run(owner, "SET GLOBAL tx_isolation = 'REPEATABLE-READ'");
            run(owner, "SET GLOBAL read_only = 1");
            assertEquals(
                    Set.of(
                            "idle_transaction_timeout",
                            "innodb_lock_wait_timeout",
                            "innodb_flush_log_at_trx_commit",
                            "isolation",
                            "writable"),
                    look(role));
        }
    }

    @Test
    void whereNobodyAnswersThePasswordIsNotShown() {
        Check check = DatabaseChecks.unreachable(
                "jdbc:mysql://shop:s3cret@h/db?password=s3cret",
                new SQLException("no route for jdbc:mysql://h/db?user=shop&password=s3cret"));
        assertEquals(Check.State.FINDING, check.state());
        assertEquals("h/db", check.subject());
        assertFalse(check.toString().contains("s3cret"), check::toString);
        assertTrue(check.remedy().contains("password=***"), check::toString);
    }

    private static Set<String> look(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            return Findings.of(DatabaseChecks.of(connection, false));
        }
    }

    private static Set<String> names(String url, boolean alone, Check.State state) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            return DatabaseChecks.of(connection, alone).stream()
                    .filter(check -> check.state() == state)
                    .map(Check::name)
                    .collect(Collectors.toSet());
        }
    }

    private static void run(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
