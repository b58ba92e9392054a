package io.floodlock.runtime.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.fence.Holders.Holder;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.testkit.PostgresServer;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;
import org.postgresql.fastpath.FastpathArg;

class PostgresFenceIT extends FenceContract {

    private static final PostgresServer SERVER = PostgresServer.start(Map.of());
    private static final Map<String, String> URLS = new HashMap<>();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Override
    String url(String name) {
        return URLS.computeIfAbsent(name, SERVER::createDatabase);
    }

    @Override
    String waiting() {
        return "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    }

    @Override
    String numbered() {
        return "CREATE TABLE numbered (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, amount int)";
    }

    @Override
    String limitSql() {
        return "SHOW lock_timeout";
    }

    // ---- what the driver does without a statement, on its own connection that was unwrapped

    @Test
    void aCopyIsClaimedInEachTransactionAfterTheUnwrap() throws Exception {
        staleSecond(PGConnection.class, PostgresFenceIT::copy);
    }

    /** Positive control: the same order of events without a fence. */
    @Test
    void withoutAFenceALateCopyIsCommitted() throws Exception {
        try (Connection connection = manual()) {
            PGConnection driver = connection.unwrap(PGConnection.class);
            copy(driver, 11);
            connection.commit();
            write(exclusive("copy:0"), 1, 1);
            holders.work();
            copy(driver, 12);
            connection.commit();
        }
        assertEquals(0, stored(12));
    }

    @Test
    void aFastPathCallIsClaimed() throws Exception {
        beside("CREATE OR REPLACE FUNCTION put(int) RETURNS int LANGUAGE sql AS"
                + " 'INSERT INTO item VALUES ($1, 0) RETURNING id'");
        int put = (int) number("SELECT 'put'::regproc::oid::int");
        staleSecond(
                PGConnection.class,
                (driver, id) -> driver.getFastpathAPI().fastpath(put, new FastpathArg[] {new FastpathArg(id)}));
    }

    @Test
    void aLargeObjectIsClaimed() throws Exception {
        long before = number("SELECT count(*) FROM pg_largeobject_metadata");
        staleSecond(
                PGConnection.class, (driver, id) -> driver.getLargeObjectAPI().createLO());
        assertEquals(before + 1, number("SELECT count(*) FROM pg_largeobject_metadata"));
    }

    @Test
    void theConnectionOfAStatementOrResultIsGivenAwayToo() throws Exception {
        staleSecond(connection -> {
            try (Statement statement = connection.createStatement()) {
                Connection driver = ((Statement) statement.unwrap(PGStatement.class)).getConnection();
                return driver.unwrap(PGConnection.class);
            }
        });
        staleSecond(connection -> {
            try (Statement statement = connection.createStatement()) {
                Statement driver = statement
                        .executeQuery("SELECT 1")
                        .unwrap(org.postgresql.jdbc.PgResultSet.class)
                        .getStatement();
                return driver.getConnection().unwrap(PGConnection.class);
            }
        });
        staleSecond(connection -> (PGConnection) connection
                .getMetaData()
                .unwrap(org.postgresql.jdbc.PgDatabaseMetaData.class)
                .getConnection());
    }

    /** The proxy of a pool leads past the handle as well. */
    @Test
    void aConnectionOfThePoolsOwnIsGivenAwayToo() throws Exception {
        staleSecond(connection -> connection
                .unwrap(com.zaxxer.hikari.pool.HikariProxyConnection.class)
                .unwrap(PGConnection.class));
    }

    @Test
    void aConnectionThatWasGivenAwayBeforeTheMethodIsClaimed() throws Exception {
        Holder late = exclusive("copy:2");
        try (Connection connection = connection()) {
            PGConnection driver = connection.unwrap(PGConnection.class);
            write(exclusive("copy:2"), 1, 1);
            holders.work(late);
            connection.setAutoCommit(false);
            copy(driver, 21);
            failure(Failure.STALE_LOCK, connection::commit);
        }
        assertEquals(0, number("SELECT count(*) FROM item WHERE id = 21"));
    }

    /** What a text that the handle doesn't see has ended, or a savepoint has undone, is claimed anew. */
    @Test
    void aClaimThatWasEndedUnseenIsMadeAgain() throws Exception {
        Holder late = exclusive("copy:3");
        Holder now = exclusive("copy:3");
        holders.work(late);
        try (Connection connection = manual()) {
            PGConnection driver = connection.unwrap(PGConnection.class);
            set(connection, 1, 1);
            try (Statement unseen = ((Connection) driver).createStatement()) {
                unseen.execute("COMMIT");
            }
            write(now, 1, 2);
            holders.work(late);
            copy(driver, 31);
            failure(Failure.STALE_LOCK, connection::commit);
        }
        assertEquals(0, number("SELECT count(*) FROM item WHERE id = 31"));
    }

    @Test
    void turningAutocommitOnIsACommitToo() throws Exception {
        Holder late = exclusive("copy:4");
        Holder now = exclusive("copy:4");
        holders.work(late);
        try (Connection connection = manual()) {
            PGConnection driver = connection.unwrap(PGConnection.class);
            connection.commit();
            write(now, 1, 2);
            holders.work(late);
            copy(driver, 41);
            failure(Failure.STALE_LOCK, () -> connection.setAutoCommit(true));
        }
        assertEquals(0, number("SELECT count(*) FROM item WHERE id = 41"));
    }

    /** Nothing could claim before it commits. */
    @Test
    void aConnectionThatCommitsByItselfIsNotGivenAway() throws Exception {
        holders.work(exclusive("copy:5"));
        try (Connection connection = connection()) {
            FloodlockFailure refusal =
                    assertThrows(FloodlockFailure.class, () -> connection.unwrap(PGConnection.class));
            assertEquals(Failure.ILLEGAL_TRANSACTION, refusal.kind());
            assertTrue(refusal.getMessage().contains("setAutoCommit(false)"), refusal.getMessage());
            connection.setAutoCommit(false);
            copy(connection.unwrap(PGConnection.class), 51);
            connection.commit();
        }
        assertEquals(0, stored(51));
    }

    /** A holder in time commits one chunk after another, whatever it reads and at whatever level. */
    @Test
    void copiesInTimeAreCommittedAtEachIsolationLevel() throws Exception {
        int id = 60;
        for (int level : new int[] {
            Connection.TRANSACTION_READ_COMMITTED,
            Connection.TRANSACTION_REPEATABLE_READ,
            Connection.TRANSACTION_SERIALIZABLE
        }) {
            holders.work(exclusive("copy:6"));
            try (Connection connection = connection()) {
                connection.setTransactionIsolation(level);
                connection.setAutoCommit(false);
                PGConnection driver = connection.unwrap(PGConnection.class);
                copy(driver, id++);
                connection.commit();
                copy(driver, id++);
                Savepoint before = connection.setSavepoint();
                copy(driver, id + 100);
                connection.rollback(before);
                connection.commit();
                connection.commit();
            }
        }
        assertEquals(6, number("SELECT count(*) FROM item WHERE id >= 60"));
    }

    // ---- transactions that a manager ends

    @Test
    void aTransactionOfJtaHasTheTableMadeBesideItAndIsRefusedByName() throws Exception {
        beside("DROP TABLE IF EXISTS floodlock_fence");
        Holder late = exclusive("jta:1");
        Holder reader = holder("jta:1", LockMode.SHARED);
        Holder now = exclusive("jta:1");
        String url = url("fence");
        try (ManagedPool managed = ManagedPool.of(url.substring(0, url.indexOf('?')))) {
            holders.work(reader);
            try (Connection connection = wrapped(managed)) {
                assertEquals(0, get(connection, 1));
                async(shared("jta:1", reader), () -> write(2, 1)).get(20, TimeUnit.SECONDS);
            }
            managed.commit();
            holders.work(now);
            try (Connection connection = wrapped(managed)) {
                set(connection, 1, 1);
            }
            managed.commit();
            assertEquals(1, stored(1));
            holders.work();
            try (Connection connection = wrapped(managed)) {
                set(connection, 2, 2);
                holders.work(late);
                failure(Failure.STALE_LOCK, () -> set(connection, 1, 2));
            }
            assertThrows(SQLException.class, managed::commit);
        }
        assertEquals(List.of(1, 1), List.of(stored(1), stored(2)));
    }

    private Connection wrapped(ManagedPool managed) throws SQLException {
        return engine.wrap(
                managed.source(), managed.source().getClass(), managed.source().getConnection(), failure -> failure);
    }

    private void staleSecond(Class<PGConnection> type, OnDriver work) throws Exception {
        staleSecond(connection -> connection.unwrap(type), work);
    }

    private void staleSecond(Unwrap unwrap) throws Exception {
        staleSecond(unwrap, PostgresFenceIT::copy);
    }

    /** The lock is lost between two transactions of one scope. */
    private void staleSecond(Unwrap unwrap, OnDriver work) throws Exception {
        Holder late = exclusive("copy:1");
        Holder now = exclusive("copy:1");
        beside("DELETE FROM item WHERE id > 2");
        holders.work(late);
        try (Connection connection = manual()) {
            PGConnection driver = unwrap.from(connection);
            work.on(driver, 11);
            connection.commit();
            write(now, 1, 1);
            holders.work(late);
            work.on(driver, 12);
            failure(Failure.STALE_LOCK, connection::commit);
        }
        assertEquals(0, number("SELECT count(*) FROM item WHERE id = 12"));
    }

    private static void copy(PGConnection driver, int id) throws SQLException, IOException {
        driver.getCopyAPI().copyIn("COPY item FROM STDIN", new StringReader(id + "\t0\n"));
    }

    private interface Unwrap {
        PGConnection from(Connection connection) throws SQLException;
    }

    private interface OnDriver {
        void on(PGConnection driver, int id) throws SQLException, IOException;
    }
}
