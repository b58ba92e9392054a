package io.floodlock.runtime.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.fence.Holders.Holder;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.testkit.Await;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every database that can be fenced must refuse, and let pass. */
abstract class FenceContract extends FenceFixture {

    // ---- exclusive

    @Test
    void aHolderThatComesTooLateIsRolledBack() throws Exception {
        Holder late = exclusive("order:1");
        Holder now = exclusive("order:1");
        write(now, 1, 10);
        holders.work(late);
        try (Connection connection = manual()) {
            String message =
                    failure(Failure.STALE_LOCK, () -> set(connection, 1, 5)).getMessage();
            assertTrue(message.contains("'order:1'") && message.contains("com.shop.Orders.place"), message);
            connection.commit();
        }
        assertEquals(10, stored(1));
        assertEquals(List.of("order:1"), refused);
        assertEquals(now.token(), late.outgrownBy);
    }

    /** Positive control: the same order of events without a fence. */
    @Test
    void withoutAFenceItOverwritesWhatCameLater() throws Exception {
        write(1, 10);
        write(1, 5);
        assertEquals(5, stored(1));
    }

    /** It has read; were it only looked at when it commits, the next holder would have read too by then. */
    @Test
    void theNextHolderWaitsForAnOpenTransactionAndSeesWhatItHasWritten() throws Exception {
        Holder first = exclusive("order:2");
        Holder second = exclusive("order:2");
        holders.work(first);
        try (Connection connection = manual()) {
            int read = get(connection, 1);
            CompletableFuture<Void> next = async(second, () -> {
                try (Connection other = manual()) {
                    set(other, 1, get(other, 1) + 1);
                    other.commit();
                }
            });
            awaitBlocked(next);
            set(connection, 1, read + 1);
            connection.commit();
            next.get(20, TimeUnit.SECONDS);
        }
        assertEquals(2, stored(1));
    }

    @Test
    void anEqualTokenOfAnotherOwnerIsRefusedAndOfTheSameLetThrough() throws Exception {
        Holder first = exclusive("order:3");
        Holder twin = new Holder("order:3", LockMode.EXCLUSIVE, first.token(), "another");
        Holder again = new Holder("order:3", LockMode.EXCLUSIVE, first.token(), first.owner());
        twin.stands = true;
        for (Holder holder : List.of(first, again)) {
            write(holder, 1, 1);
        }
        holders.work(twin);
        try (Connection connection = manual()) {
            String message =
                    failure(Failure.STALE_LOCK, () -> set(connection, 1, 2)).getMessage();
            assertTrue(message.contains("Redis has lost its count"), message);
        }
        assertEquals(1, stored(1));
    }

    @Test
    void aTokenOlderThanAllRowsThatAreKeptIsRefusedThoughThereIsNone() throws Exception {
        long ago = TOKENS.get() - Duration.ofDays(7).plusHours(1).toNanos() / 1000;
        holders.work(new Holder("order:old", LockMode.EXCLUSIVE, ago, "session.old"));
        try (Connection connection = manual()) {
            failure(Failure.STALE_LOCK, () -> set(connection, 1, 2));
        }
        holders.work(new Holder(
                "order:old", LockMode.EXCLUSIVE, ago + Duration.ofHours(2).toNanos() / 1000, "session.old"));
        write(1, 3);
        assertEquals(3, stored(1));
    }

    /** Beside younger ones too; and those are let pass. */
    @Test
    void itIsRefusedThoughAnOlderRowIsThereAndLeavesThat() throws Exception {
        long ago = TOKENS.get() - Duration.ofDays(7).plusHours(1).toNanos() / 1000;
        write(exclusive("order:old2"), 1, 1);
        beside("UPDATE floodlock_fence SET token = " + (ago - 1) + " WHERE name = 'fence:order:old2'");
        Holder old = new Holder("order:old2", LockMode.EXCLUSIVE, ago, "session.old");
        for (List<Holder> all :
                List.of(List.of(old), List.of(exclusive("order:first"), old), List.of(old, exclusive("order:third")))) {
            holders.work(all.toArray(Holder[]::new));
            try (Connection connection = manual()) {
                failure(Failure.STALE_LOCK, () -> set(connection, 1, 2));
            }
            assertEquals(ago - 1, number("SELECT token FROM floodlock_fence WHERE name = 'fence:order:old2'"));
        }
        holders.work(exclusive("order:first"), exclusive("order:old2"), exclusive("order:third"));
        write(1, 3);
        assertEquals(3, stored(1));
    }

    /** Pruned, or lost with a replica that was promoted. */
    @Test
    void aRowThatIsGoneIsWrittenAnewAndKeepsThoseBeforeOut() throws Exception {
        Holder late = exclusive("order:gone");
        write(exclusive("order:gone"), 1, 1);
        beside("DELETE FROM floodlock_fence WHERE name = 'fence:order:gone'");
        write(exclusive("order:gone"), 1, 2);
        assertRefused(late, 1, 3);
        assertEquals(2, stored(1));
    }

    @Test
    void severalKeysAreClaimedInOneOrderWhoeverHoldsThem() throws Exception {
        Holder a = exclusive("multi:a");
        Holder b = exclusive("multi:b");
        holders.work(b, a);
        try (Connection connection = manual()) {
            set(connection, 1, 1);
            CompletableFuture<Void> next = new CompletableFuture<>();
            new Thread(() -> {
                        holders.work(exclusive("multi:a"), exclusive("multi:b"));
                        try (Connection other = manual()) {
                            set(other, 1, 2);
                            other.commit();
                            next.complete(null);
                        } catch (Throwable e) {
                            next.completeExceptionally(e);
                        }
                    })
                    .start();
            awaitBlocked(next);
            connection.commit();
            next.get(20, TimeUnit.SECONDS);
        }
        assertRefused(b, 1, 3);
        assertEquals(2, stored(1));
    }

    @Test
    void aClaimWaitsNoLongerThanItMayAndNamesWhoIsInTheWay() throws Exception {
        Holder first = exclusive("order:4");
        Holder second = exclusive("order:4");
        holders.work(first);
        try (Connection connection = manual()) {
            set(connection, 1, 1);
            for (Duration left : List.of(Duration.ofMillis(300), Duration.ZERO)) {
                second.left = left;
                CompletableFuture<Void> next = async(second, () -> {
                    try (Connection other = manual()) {
                        String message = failure(Failure.LOCK_TIMEOUT, () -> set(other, 2, 2))
                                .getMessage();
                        assertTrue(message.contains("pid ") || message.contains("thread "), message);
                    }
                });
                next.get(20, TimeUnit.SECONDS);
            }
            connection.commit();
        }
        assertEquals(0, stored(2));
    }

    /**
     * InnoDB then finds them in a deadlock: each may write what the other may too, and neither has written anything.
     */
    @Test
    void whoeverWaitsForARowThatIsNewAndRolledBackGetsItInTurn() throws Exception {
        holders.work(exclusive("order:5"));
        try (Connection connection = manual()) {
            set(connection, 1, 1);
            List<CompletableFuture<Void>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiting.add(async(exclusive("order:5"), this::increment));
            }
            Await.until("all wait", Duration.ofSeconds(20), () -> number(waiting()) == waiting.size());
            connection.rollback();
            for (CompletableFuture<Void> next : waiting) {
                next.get(20, TimeUnit.SECONDS);
            }
        }
        assertTrue(stored(1) > 0);
    }

    /** Unless a later holder has been there. */
    private void increment() throws SQLException {
        try (Connection connection = manual()) {
            set(connection, 1, get(connection, 1) + 1);
            connection.commit();
        } catch (FloodlockFailure e) {
            assertEquals(Failure.STALE_LOCK, e.kind(), e.getMessage());
        }
    }

    /** Whether the rows are new or there, one or several, and whether the claim had to wait. */
    @Test
    void theConnectionsOwnLimitOfWaitingIsAsItWas() throws Exception {
        try (Connection connection = manual()) {
            String before = limit(connection);
            connection.commit();
            for (int i = 0; i < 2; i++) {
                holders.work(exclusive("limit:1"));
                set(connection, 1, 1);
                assertEquals(before, limit(connection));
                connection.commit();
                holders.work(exclusive("limit:2"), exclusive("limit:1"), exclusive("limit:3"));
                set(connection, 1, 1);
                assertEquals(before, limit(connection));
                connection.commit();
            }
            holders.work(exclusive("limit:2"));
            set(connection, 1, 1);
            CompletableFuture<Void> next = async(exclusive("limit:2"), () -> {
                try (Connection other = manual()) {
                    set(other, 2, 1);
                    assertEquals(before, limit(other));
                }
            });
            awaitBlocked(next);
            connection.commit();
            next.get(20, TimeUnit.SECONDS);
        }
    }

    abstract String limitSql();

    private String limit(Connection connection) throws SQLException {
        try (Statement statement = connection.unwrap(Connection.class).createStatement();
                ResultSet row = statement.executeQuery(limitSql())) {
            row.next();
            return row.getString(1);
        }
    }

    // ---- autocommit

    @Test
    void aStatementThatCommitsByItselfIsClaimedWithIt() throws Exception {
        Holder late = exclusive("auto:1");
        Holder now = exclusive("auto:1");
        holders.work(now);
        try (Connection connection = connection()) {
            set(connection, 1, 10);
            assertTrue(connection.getAutoCommit());
        }
        assertEquals(10, stored(1));
        holders.work(late);
        try (Connection connection = connection()) {
            failure(Failure.STALE_LOCK, () -> set(connection, 1, 5));
            assertTrue(connection.getAutoCommit());
            failure(Failure.STALE_LOCK, () -> {
                try (Statement statement = connection.createStatement()) {
                    statement.addBatch("UPDATE item SET amount = 7 WHERE id = 1");
                    statement.executeBatch();
                }
            });
        }
        assertEquals(10, stored(1));
    }

    @Test
    void aStatementThatFailsByItselfLeavesNothingAndTheNextOneRuns() throws Exception {
        holders.work(exclusive("auto:2"));
        try (Connection connection = connection()) {
            assertThrows(SQLException.class, () -> {
                try (Statement statement = connection.createStatement()) {
                    statement.executeUpdate("INSERT INTO item VALUES (1, 1)");
                }
            });
            assertTrue(connection.getAutoCommit());
            set(connection, 1, 3);
        }
        assertEquals(3, stored(1));
    }

    /** A read that commits by itself waits for the holder before as well, and is claimed once. */
    @Test
    void aReadInAutocommitModeWaitsForTheHolderBefore() throws Exception {
        Holder first = exclusive("auto:3");
        Holder second = exclusive("auto:3");
        holders.work(first);
        try (Connection connection = manual()) {
            set(connection, 1, 1);
            CompletableFuture<Void> next = async(second, () -> {
                try (Connection other = connection()) {
                    assertEquals(1, get(other, 1));
                    assertEquals(1, get(other, 1));
                }
            });
            awaitBlocked(next);
            connection.commit();
            next.get(20, TimeUnit.SECONDS);
            failure(Failure.STALE_LOCK, () -> set(connection, 1, 2));
        }
    }

    // ---- savepoints

    @Test
    void aSavepointIsSetAfterTheClaimAndARollbackToOneClaimsAgain() throws Exception {
        Holder first = exclusive("save:1");
        Holder second = exclusive("save:1");
        try (Connection connection = manual()) {
            Savepoint before = connection.setSavepoint("before");
            holders.work(first);
            set(connection, 1, 1);
            connection.rollback(before);
            set(connection, 1, 2);
            CompletableFuture<Void> next = blockedWrite(second, 1, 3);
            connection.commit();
            next.get(20, TimeUnit.SECONDS);
            Savepoint none = connection.setSavepoint();
            assertFalse(none == null);
        } catch (FloodlockFailure e) {
            assertEquals(Failure.STALE_LOCK, e.kind(), "the savepoint itself is claimed for");
        }
        assertEquals(3, stored(1));
    }

    /**
     * A nested transaction failed; the next one is of its own, and must not wait for the outer one that still has the
     * row.
     */
    @Test
    void whatWasClaimedBeforeASavepointOutlastsARollbackToIt() throws Exception {
        Holder first = exclusive("save:2");
        Holder second = exclusive("save:2");
        first.left = Duration.ofMillis(100);
        holders.work(first);
        try (Connection outer = manual();
                Connection inner = manual()) {
            Savepoint savepoint = outer.setSavepoint();
            set(outer, 1, 1);
            outer.rollback(savepoint);
            set(inner, 2, 2);
            inner.commit();
            CompletableFuture<Void> next = blockedWrite(second, 1, 5);
            outer.commit();
            next.get(20, TimeUnit.SECONDS);
        }
        assertEquals(List.of(5, 2), List.of(stored(1), stored(2)));
    }

    @Test
    void textThatEndsATransactionIsRefused() throws Exception {
        holders.work(exclusive("text:1"));
        try (Connection connection = manual();
                Statement statement = connection.createStatement()) {
            failure(Failure.ILLEGAL_TRANSACTION, () -> statement.execute("COMMIT"));
        }
    }

    // ---- several transactions of one holder

    @Test
    void anotherTransactionOfTheSameHolderDoesNotWaitForIt() throws Exception {
        holders.work(exclusive("beside:1"));
        try (Connection outer = manual();
                Connection inner = manual();
                Connection byItself = connection()) {
            set(outer, 1, 1);
            set(inner, 2, 2);
            inner.commit();
            assertEquals(2, get(byItself, 2));
            set(byItself, 2, 3);
            outer.commit();
        }
        assertEquals(List.of(1, 3), List.of(stored(1), stored(2)));
    }

    @Test
    void oneThatOutlivesTheOtherClaimsBeforeItCommits() throws Exception {
        Holder first = exclusive("beside:2");
        Holder second = exclusive("beside:2");
        holders.work(first);
        try (Connection outer = manual();
                Connection inner = manual()) {
            set(outer, 1, 1);
            set(inner, 2, 2);
            outer.commit();
            write(second, 1, 5);
            holders.work(first);
            failure(Failure.STALE_LOCK, inner::commit);
        }
        assertEquals(List.of(5, 0), List.of(stored(1), stored(2)));
    }

    // ---- snapshots

    @Test
    void aTransactionThatHasReadBeforeAndKeepsItsSnapshotIsRefused() throws Exception {
        try (Connection connection = manual()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            assertEquals(0, get(connection, 1));
            beside("UPDATE item SET amount = 9 WHERE id = 1");
            holders.work(exclusive("snapshot:1"));
            failure(Failure.STALE_SNAPSHOT, () -> set(connection, 1, get(connection, 1) + 1));
        }
        assertEquals(9, stored(1));
    }

    @Test
    void oneThatReadsFirstInTheMethodIsNot() throws Exception {
        for (int level : List.of(Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE)) {
            holders.work(exclusive("snapshot:2"));
            try (Connection connection = manual()) {
                connection.setTransactionIsolation(level);
                set(connection, 1, get(connection, 1) + 1);
                connection.commit();
            }
        }
        holders.work();
        try (Connection connection = manual()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            get(connection, 1);
            holders.work(exclusive("snapshot:2"));
            set(connection, 1, get(connection, 1) + 1);
            connection.commit();
        }
        assertEquals(3, stored(1));
    }

    /** The claim had to wait, so on PostgreSQL its own snapshot is too old to write the row. */
    @Test
    void oneWhoseClaimWaitedSeesWhatItWaitedFor() throws Exception {
        Holder first = exclusive("snapshot:3");
        Holder second = exclusive("snapshot:3");
        holders.work(first);
        try (Connection connection = manual()) {
            set(connection, 1, 1);
            CompletableFuture<Void> next = async(second, () -> {
                try (Connection other = manual()) {
                    other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                    set(other, 1, get(other, 1) + 1);
                    other.commit();
                }
            });
            awaitBlocked(next);
            connection.commit();
            next.get(20, TimeUnit.SECONDS);
        }
        assertEquals(2, stored(1));
    }

    // ---- shared

    @Test
    void membersOfAReadPhaseDoNotWaitForEachOtherAndAWriterWaitsForThem() throws Exception {
        Holder one = shared("shared:1");
        Holder other = shared("shared:1", one);
        Holder writer = exclusive("shared:1");
        holders.work(one);
        try (Connection connection = manual()) {
            assertEquals(0, get(connection, 1));
            async(other, () -> write(2, 1)).get(20, TimeUnit.SECONDS);
            CompletableFuture<Void> next = blockedWrite(writer, 1, 7);
            assertEquals(0, get(connection, 1));
            connection.commit();
            next.get(20, TimeUnit.SECONDS);
            failure(Failure.STALE_LOCK, () -> get(connection, 1));
        }
    }

    @Test
    void aMemberThatHasWorkOpenHasTheRowRaisedBesideIt() throws Exception {
        try (Connection connection = manual()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            set(connection, 2, 4);
            holders.work(shared("shared:2"));
            set(connection, 1, 4);
            connection.commit();
        }
        assertEquals(List.of(4, 4), List.of(stored(1), stored(2)));
    }

    /** Its first claim must not fix what it reads, where the second waits for a writer. */
    @Test
    void aMemberOfTwoReadPhasesReadsNothingOlderThanItsSecondLock() throws Exception {
        Holder writer = exclusive("shared:4");
        Holder first = shared("shared:3");
        Holder second = shared("shared:4");
        holders.work(writer);
        try (Connection writing = manual()) {
            set(writing, 1, 7);
            CompletableFuture<Void> reading = async(first, () -> {
                holders.work(first, second);
                try (Connection connection = connection()) {
                    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                    connection.setAutoCommit(false);
                    assertEquals(7, get(connection, 1));
                } catch (FloodlockFailure e) {
                    assertEquals(Failure.STALE_SNAPSHOT, e.kind(), e.getMessage());
                }
            });
            awaitBlocked(reading);
            writing.commit();
            reading.get(20, TimeUnit.SECONDS);
        }
    }

    /** As schemas are cleaned between tests. */
    @Test
    void aTableThatIsGoneIsMadeAnew() throws Exception {
        write(exclusive("gone:1"), 1, 1);
        List<String> ddl;
        try (Connection connection = pool.getConnection()) {
            ddl = FenceTable.ddl(connection.getMetaData().getDatabaseProductName());
        }
        beside("DROP TABLE floodlock_fence");
        holders.work(exclusive("gone:1"));
        FloodlockFailure failure = failure(Failure.STALE_LOCK, () -> write(1, 2));
        assertTrue(failure.getMessage().contains("was dropped"), failure::getMessage);
        write(1, 3);
        write(exclusive("gone:1"), 1, 4);
        assertEquals(4, stored(1));
        beside("DROP TABLE floodlock_fence");
        holders.work(exclusive("gone:1"));
        try (Connection connection = connection()) {
            failure(Failure.STALE_LOCK, () -> set(connection, 1, 5));
            set(connection, 1, 6);
            assertTrue(connection.getAutoCommit());
        }
        Holder late = exclusive("gone:1");
        Holder member = shared("gone:2");
        write(exclusive("gone:1"), 1, 7);
        write(member, 2, 1);
        for (String empty : List.of("TRUNCATE TABLE floodlock_fence", "DROP TABLE floodlock_fence")) {
            beside(empty);
            if (empty.startsWith("DROP")) {
                ddl.forEach(this::beside);
            }
            write(member, 2, 2);
            write(exclusive("gone:1"), 1, 8);
            assertRefused(late, 1, 9);
        }
        assertEquals(List.of(8, 2), List.of(stored(1), stored(2)));
    }

    @Test
    void aReadOnlyTransactionLooksAndIsRefusedToo() throws Exception {
        Holder late = exclusive("readonly:1");
        Holder reader = holder("readonly:1", LockMode.SHARED);
        Holder now = exclusive("readonly:1");
        for (Holder holder : List.of(reader, now)) {
            holders.work(holder);
            try (Connection connection = connection()) {
                connection.setReadOnly(true);
                connection.setAutoCommit(false);
                assertEquals(0, get(connection, 1));
                connection.commit();
            }
        }
        write(now, 1, 1);
        holders.work(late);
        try (Connection connection = connection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            failure(Failure.STALE_LOCK, () -> get(connection, 1));
        }
    }

    // ---- connections

    /**
     * A proxy over a pool, as of Spring, whose transaction manager ends the transaction on the pool's own connection.
     */
    @Test
    void whereHandlesLieOneOverAnotherTheClaimBelongsToTheConnectionBelow() throws Exception {
        Holder first = exclusive("handles:1");
        Holder second = exclusive("handles:1");
        holders.work(first);
        try (Connection below = manual();
                Connection above = engine.wrap(pool, pool.getClass(), below, failure -> failure);
                Connection proxied = engine.wrap(pool, pool.getClass(), through(below), failure -> failure)) {
            assertEquals(below, above, "a handle is not wrapped again");
            set(proxied, 1, 1);
            below.commit();
            write(second, 1, 2);
            holders.work(first);
            failure(Failure.STALE_LOCK, () -> set(proxied, 1, 3));
            failure(Failure.STALE_LOCK, () -> set(below, 1, 4));
        }
        assertEquals(2, stored(1));
    }

    private static Connection through(Connection below) {
        return (Connection) Proxy.newProxyInstance(
                FenceContract.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        return method.invoke(below, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void whatAStatementAnswersIsThereThoughItCommitsByItself() throws Exception {
        beside("DROP TABLE IF EXISTS numbered");
        beside(numbered());
        holders.work(exclusive("auto:4"));
        try (Connection connection = connection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO numbered (amount) VALUES (1)", Statement.RETURN_GENERATED_KEYS)) {
            insert.setFetchSize(1);
            insert.executeUpdate();
            int keys = 0;
            try (ResultSet row = insert.getGeneratedKeys()) {
                while (row.next()) {
                    keys++;
                }
            }
            assertEquals(1, keys);
            assertEquals(1, insert.getFetchSize());
        }
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.setFetchSize(1);
            int rows = 0;
            try (ResultSet row =
                    statement.executeQuery("INSERT INTO numbered (amount) VALUES (4), (5) RETURNING amount")) {
                while (row.next()) {
                    rows++;
                }
            }
            assertEquals(2, rows);
        }
        assertEquals(3, number("SELECT count(*) FROM numbered"));
    }

    /** Creates the table {@code numbered (id, amount)}, whose id is made by the database. */
    abstract String numbered();

    @Test
    void theModeOfATransactionCanStillBeSetByText() throws Exception {
        holders.work(exclusive("text:2"));
        try (Connection connection = manual();
                Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
            set(connection, 1, get(connection, 1) + 1);
            connection.commit();
        }
        assertEquals(1, stored(1));
    }

    @Test
    void aTransactionBesideAnotherKeepsThatOneFromGivingUpTheRowWhileItCommits() throws Exception {
        FencedDatabase database;
        try (Connection connection = pool.getConnection()) {
            database = new FencedDatabases().of(pool, connection);
        }
        Fence fence = new Fence("fence", () -> holders, Events.NONE);
        FencedTransaction first = new FencedTransaction(fence, database, null);
        FencedTransaction second = new FencedTransaction(fence, database, null);
        FenceRow row = new FenceRow("fence:beside", 1, "o");
        assertEquals(true, database.take(row, first, Duration.ZERO));
        assertEquals(null, database.take(row, second, Duration.ZERO), "it is not decided yet");
        database.granted(row, first);
        assertEquals(false, database.take(row, second, Duration.ZERO));
        assertTrue(database.commitBeside(row, second));
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Void> ending = async(exclusive("x"), () -> {
            database.ending(row, first, Duration.ofSeconds(20));
            ended.set(true);
        });
        Await.until("the end has begun", Duration.ofSeconds(20), () -> !database.held(row, second));
        assertFalse(ended.get());
        assertFalse(database.commitBeside(row, second), "nobody relies on it any more");
        database.committedBeside(row);
        ending.get(20, TimeUnit.SECONDS);
        database.release(row, first);
        assertEquals(true, database.take(row, second, Duration.ZERO));
    }

    // ---- all at once

    /** Holders that nothing keeps apart, as if every lease ended at once: the database alone orders them. */
    @Test
    void holdersThatOnlyTheDatabaseKeepsApartLoseNothing() throws Exception {
        int committed = race(true);
        assertEquals(committed, stored(1), "no update is lost");
        assertEquals(
                0,
                number("SELECT count(*) FROM ledger a JOIN ledger b ON a.value < b.value AND a.token > b.token"),
                "nobody commits after a later holder");
        assertTrue(committed > 0);
    }

    /** Positive control. */
    @Test
    void withoutAFenceTheyLoseUpdates() throws Exception {
        assertTrue(race(false) > stored(1));
    }

    private int race(boolean fenced) throws Exception {
        beside("DROP TABLE IF EXISTS ledger");
        beside("CREATE TABLE ledger (value int, token bigint)");
        AtomicInteger committed = new AtomicInteger();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Random random = new Random(t);
            CompletableFuture<Void> done = new CompletableFuture<>();
            threads.add(done);
            new Thread(() -> {
                        try {
                            for (int i = 0; i < 60; i++) {
                                if (increment(fenced, random)) {
                                    committed.incrementAndGet();
                                }
                            }
                            done.complete(null);
                        } catch (Throwable e) {
                            done.completeExceptionally(e);
                        }
                    })
                    .start();
        }
        for (CompletableFuture<Void> done : threads) {
            done.get(60, TimeUnit.SECONDS);
        }
        return committed.get();
    }

    private boolean increment(boolean fenced, Random random) throws SQLException {
        Holder holder = exclusive("race");
        if (fenced) {
            holders.work(holder);
        }
        boolean nested = random.nextInt(4) == 0;
        try (Connection connection = manual()) {
            if (random.nextBoolean()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            }
            int value = get(connection, 1) + 1;
            if (nested) {
                write(2, value);
            }
            set(connection, 1, value);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("INSERT INTO ledger VALUES (" + value + ", " + holder.token() + ")");
            }
            if (random.nextInt(10) == 0) {
                connection.rollback();
                return false;
            }
            connection.commit();
            return true;
        } catch (FloodlockFailure e) {
            assertEquals(Failure.STALE_LOCK, e.kind(), e.getMessage());
            return false;
        } finally {
            holders.work();
        }
    }

    // ---- rows

    @Test
    void rowsThatNobodyMayClaimAnyMoreAreDeleted() throws Exception {
        write(exclusive("prune:new"), 1, 1);
        long old = TOKENS.get() - Duration.ofDays(9).toNanos() / 1000;
        beside("INSERT INTO floodlock_fence (name, token, owner) VALUES ('fence:prune:old', " + old + ", 'x')");
        FencedDatabases databases = new FencedDatabases();
        try (Connection connection = pool.getConnection()) {
            databases.of(pool, connection).prune();
        }
        assertEquals(1, number("SELECT count(*) FROM floodlock_fence WHERE name LIKE 'fence:prune:%'"));
        assertEquals(
                1, number("SELECT count(*) FROM floodlock_fence WHERE name = ''"), "the database's identity stays");
    }

    @Test
    void aTableOfALaterFormatIsRefused() throws Exception {
        holders.work(exclusive("format:1"));
        try (Connection connection = manual()) {
            set(connection, 1, 1);
        }
        beside("UPDATE floodlock_fence SET format = 2 WHERE name = ''");
        try (Connection connection = pool.getConnection()) {
            String message = failure(Failure.ILLEGAL_TRANSACTION, () -> new FencedDatabases().of(pool, connection))
                    .getMessage();
            assertTrue(message.contains("has format 2"), message);
        } finally {
            beside("UPDATE floodlock_fence SET format = 1 WHERE name = ''");
        }
    }

    /** What it reads is written by nobody after it: the next transaction of its method may build on it. */
    @Test
    void aReadOnlyTransactionWaitsForTheHolderBefore() throws Exception {
        for (LockMode mode : LockMode.values()) {
            String name = "readonly:2" + mode;
            Holder first = exclusive(name);
            Holder second = holder(name, mode);
            holders.work(first);
            try (Connection connection = manual()) {
                set(connection, 1, stored(1) + 1);
                CompletableFuture<Void> next = async(second, () -> {
                    try (Connection other = connection()) {
                        other.setReadOnly(true);
                        other.setAutoCommit(false);
                        assertEquals(mode == LockMode.SHARED ? 1 : 2, get(other, 1));
                        other.commit();
                    }
                });
                awaitBlocked(next);
                connection.commit();
                next.get(20, TimeUnit.SECONDS);
            }
        }
    }

    // ---- names

    @Test
    void keysOfAnyLengthAndCharactersAreClaimed() throws Exception {
        for (String name : List.of("x".repeat(4000), "a\0b", "ü ".repeat(200), "trailing ", "trailing", "'; --")) {
            Holder late = exclusive(name);
            write(exclusive(name), 1, 1);
            assertRefused(late, 1, 2);
        }
        assertEquals(1, stored(1));
    }
}
