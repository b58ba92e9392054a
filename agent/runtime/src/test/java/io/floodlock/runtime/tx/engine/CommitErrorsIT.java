package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.driver.CommitFailure;
import io.floodlock.testkit.Await;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server answers to COMMIT and PREPARE is passed on in its own words, and taken for what it is. */
class CommitErrorsIT {

    /** A statement that is accepted, and fails as the transaction ends; and a part of the server's text. */
    private static final Map<String, String> ERRORS = Map.of(
            "INSERT INTO late (n) VALUES (1), (1)", "late_n_key",
            "INSERT INTO late (n, raise) VALUES (2, 'AB123')", "raised AB123",
            "INSERT INTO late (n, raise) VALUES (3, '53100')", "raised 53100",
            "INSERT INTO late (n, raise) VALUES (4, '0A000')", "raised 0A000",
            "INSERT INTO late (n, raise) VALUES (5, '22012')", "raised 22012",
            "INSERT INTO late (n, raise) VALUES (6, '42501')", "raised 42501",
            "INSERT INTO late (n, raise) VALUES (7, '23505')", "raised 23505",
            "INSERT INTO late (n, raise) VALUES (8, '57014')", "raised 57014",
            "INSERT INTO late (n, raise) VALUES (9, 'divide')", "division by zero");

    private Transactions engine;
    private Bank a;
    private Bank b;

    @BeforeEach
    void open() {
        engine = new Transactions(Settings.of(Map.of("namespace", "errors")), Events.NONE, () -> null);
        a = Bank.simple(engine, Servers.shared(0));
        b = Bank.simple(engine, Servers.shared(1));
        for (Bank bank : List.of(a, b)) {
            bank.run("DROP TABLE IF EXISTS late;"
                    + " CREATE TABLE late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED, raise text);"
                    + " CREATE OR REPLACE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " IF NEW.raise = 'divide' THEN PERFORM 1 / (NEW.n - NEW.n); END IF;"
                    + " IF NEW.raise = 'sleep' THEN PERFORM pg_sleep(60); END IF;"
                    + " IF NEW.raise IS NOT NULL THEN"
                    + " RAISE EXCEPTION 'raised %', NEW.raise USING ERRCODE = NEW.raise; END IF;"
                    + " RETURN NULL; END $$;"
                    + " CREATE CONSTRAINT TRIGGER late AFTER INSERT ON late DEFERRABLE INITIALLY DEFERRED"
                    + " FOR EACH ROW EXECUTE FUNCTION late()");
        }
    }

    @AfterEach
    void close() {
        engine.close();
        a.close();
        b.close();
    }

    private static void run(Bank bank, String sql) throws SQLException {
        try (Connection connection = bank.connection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void assertRolledBack(String part, Scopes.Body body) {
        FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> Scopes.run(engine, body), part);
        assertEquals(Failure.TRANSACTION_ROLLED_BACK, failure.kind(), failure::getMessage);
        assertTrue(failure.getMessage().contains(part), failure::getMessage);
        for (String wrong : List.of("recovery has aborted", "SQL text ended", "was lost")) {
            assertTrue(!failure.getMessage().contains(wrong), failure::getMessage);
        }
        assertEquals(List.of(1000L, 1000L), List.of(a.balance(1), b.balance(1)));
        assertEquals(0, a.prepared() + b.prepared());
    }

    @Test
    void ofTheOnlyDatabase() {
        ERRORS.forEach((sql, part) -> assertRolledBack(part, () -> {
            a.add(1, -10);
            run(a, sql);
        }));
    }

    @Test
    void ofTheDatabaseThatDecides() {
        ERRORS.forEach((sql, part) -> assertRolledBack(part, () -> {
            a.add(1, -10);
            b.add(1, 10);
            run(a, sql);
        }));
        assertEquals(0, a.decisions('C') + a.decisions('A'), "nobody had to be asked");
    }

    @Test
    void ofADatabaseThatIsPrepared() {
        ERRORS.forEach((sql, part) -> assertRolledBack(part, () -> {
            a.add(1, -10);
            b.add(1, 10);
            run(b, sql);
        }));
    }

    /** What a lock kept until a transaction's end goes by. */
    @Test
    void ofTheApplicationsOwnTransaction() throws Exception {
        for (Map.Entry<String, String> error : ERRORS.entrySet()) {
            try (Connection connection = DriverManager.getConnection(a.url())) {
                connection.setAutoCommit(false);
                Bank.add(connection, 1, -10);
                connection.createStatement().execute(error.getKey());
                SQLException refused = assertThrows(SQLException.class, connection::commit);
                assertTrue(refused.getMessage().contains(error.getValue()), refused::getMessage);
                assertTrue(CommitFailure.isRolledBack(refused), refused::getSQLState);
            }
            assertEquals(1000, a.balance(1));
        }
    }

    /** A session that ends in the middle has said nothing for certain, whatever its last words are. */
    @Test
    void aSessionThatIsEndedAtCommitIsFoundOut() throws Exception {
        terminateAtCommit(a);
        FloodlockFailure failure = assertThrows(
                FloodlockFailure.class,
                () -> Scopes.run(engine, () -> {
                    a.add(1, -10);
                    b.add(1, 10);
                    run(a, "INSERT INTO late (n, raise) VALUES (1, 'sleep')");
                }));
        assertEquals(Failure.TRANSACTION_ROLLED_BACK, failure.kind());
        assertTrue(failure.getMessage().contains("administrator command"), failure::getMessage);
        assertEquals(1, a.decisions('A'), "its tombstone says so");
        assertEquals(List.of(1000L, 1000L), List.of(a.balance(1), b.balance(1)));
    }

    @Test
    void anOnlySessionThatIsEndedAtCommitIsToldAsUnknownWithTheServersText() {
        terminateAtCommit(a);
        FloodlockFailure failure = assertThrows(
                FloodlockFailure.class,
                () -> Scopes.run(engine, () -> {
                    a.add(1, -10);
                    run(a, "INSERT INTO late (n, raise) VALUES (1, 'sleep')");
                }));
        assertEquals(Failure.TRANSACTION_OUTCOME_UNKNOWN, failure.kind());
        assertTrue(failure.getMessage().contains("administrator command"), failure::getMessage);
    }

    private static void terminateAtCommit(Bank bank) {
        Thread killer = new Thread(() -> Await.until(
                "a commit",
                Duration.ofSeconds(20),
                () -> bank.number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                + " WHERE wait_event = 'PgSleep' AND datname = current_database()")
                        > 0));
        killer.setDaemon(true);
        killer.start();
    }

    /** The error comes with the second part of a result, where no statement runs any more, and the method catches it. */
    @Test
    void anErrorThatOnlyFetchingShowsIsNotCommittedOver() {
        assertRolledBack("while a result was fetched", () -> {
            a.add(1, -10);
            try (Connection connection = a.connection()) {
                connection.setAutoCommit(false);
                try (var statement = connection.prepareStatement("SELECT 1 / (5 - n) FROM generate_series(1, 9) n")) {
                    statement.setFetchSize(2);
                    try (var row = statement.executeQuery()) {
                        assertThrows(SQLException.class, () -> {
                            while (row.next()) {
                                row.getInt(1);
                            }
                        });
                    }
                }
            }
        });
    }

    @Test
    void whatAPoolerMaySayIsNotCertain() throws Exception {
        for (String state : List.of("08006", "58000", "XX000", "57P01", "40003")) {
            try (Connection connection = DriverManager.getConnection(a.url())) {
                SQLException raised = assertThrows(
                        SQLException.class,
                        () -> connection
                                .createStatement()
                                .execute("INSERT INTO late (n, raise) VALUES (1, '" + state + "')"));
                assertEquals(state, raised.getSQLState());
                assertNotEquals(true, CommitFailure.isRolledBack(raised));
            }
        }
    }
}
