package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.tx.engine.Bank;
import io.floodlock.runtime.tx.engine.Scopes;
import io.floodlock.runtime.tx.engine.Servers;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** Calls that are made in the application's own transaction on a connection are stored if and only if it commits. */
@Timeout(120)
class LocalOutboxIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    static final class Bodies {
        static volatile QueueEngine.Site site;
        static final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();

        @SuppressWarnings("unchecked")
        static CompletableFuture<Integer> note(String key, int number) {
            Object[] stored = (Object[]) site.enter(null, new Object[] {key, number});
            if (stored != null) {
                return (CompletableFuture<Integer>) stored[0];
            }
            notes.add(key + ":" + number);
            site.left(null);
            return CompletableFuture.completedFuture(number);
        }
    }

    private final List<AutoCloseable> open = new ArrayList<>();
    private RedisServer redis;
    private String url;
    private TestEngine engine;
    private Bank bank;

    @BeforeEach
    void fresh() {
        redis = RedisServer.start("appendonly yes", "appendfsync always");
        open.add(redis);
        url = Servers.database();
        Bodies.notes.clear();
        engine = engine("consume");
        bank = Bank.pooled(engine.transactions, url, 4);
        open.add(bank);
    }

    private TestEngine engine(String mode) {
        TestEngine made = new TestEngine(redis.url(), "queue.mode", mode, "queue.lanes", "16");
        open.add(made);
        QueueEngine.Site site = made.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.key = (self, arguments) -> (String) arguments[0];
            s.waitTime = Duration.ofSeconds(5);
            return s;
        });
        Bodies.site = site;
        return made;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private static CompletableFuture<Integer> call(int number) {
        return Bodies.note("a", number);
    }

    private Connection begun() throws SQLException {
        Connection connection = bank.source().getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void add(Connection connection) throws SQLException {
        run(connection, "UPDATE account SET balance = balance + 1 WHERE id = 1");
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void awaitNotes(String... numbers) {
        Await.until(
                () -> List.of(numbers) + ", not " + Bodies.notes, LIMIT, () -> Bodies.notes.size() >= numbers.length);
        assertEquals(List.of(numbers), List.copyOf(Bodies.notes));
    }

    /** Of the same key: a call of the transaction that was stored by now would run before it. */
    private static void callOutside(int number) {
        CompletableFuture.supplyAsync(() -> call(number).join()).join();
    }

    private static Failure failureOf(CompletableFuture<?> future) {
        ExecutionException why =
                assertThrows(ExecutionException.class, () -> future.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        return assertInstanceOf(FloodlockFailure.class, why.getCause()).kind();
    }

    // ---- if and only if

    @Test
    void aCallIsStoredAtTheCommit() throws Exception {
        CompletableFuture<Integer> future;
        try (Connection connection = begun()) {
            add(connection);
            future = call(7);
            assertThrows(IllegalStateException.class, future::join);
            callOutside(1);
            connection.commit();
        }
        assertEquals(7, future.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        awaitNotes("a:1", "a:7");
        Await.until(
                "its row is deleted",
                LIMIT,
                () -> bank.text("SELECT count(*) FROM floodlock_outbox").equals("0"));
    }

    @Test
    void theCommitModeCommitsToo() throws Exception {
        try (Connection connection = begun()) {
            call(7);
            callOutside(1);
            connection.setAutoCommit(true);
        }
        awaitNotes("a:1", "a:7");
    }

    @Test
    void aRollbackDropsTheCall() throws Exception {
        CompletableFuture<Integer> future;
        try (Connection connection = begun()) {
            add(connection);
            future = call(7);
            connection.rollback();
            add(connection);
            call(8);
            connection.commit();
        }
        assertEquals(Failure.TRANSACTION_ROLLED_BACK, failureOf(future));
        awaitNotes("a:8");
    }

    @Test
    void aFailedTransactionDropsTheCall() throws Exception {
        CompletableFuture<Integer> future;
        try (Connection connection = begun()) {
            future = call(7);
            assertThrows(SQLException.class, () -> run(connection, "SELECT 1 / 0"));
            assertThrows(SQLException.class, connection::commit);
        }
        assertEquals(Failure.TRANSACTION_ROLLED_BACK, failureOf(future));
        callOutside(1);
        awaitNotes("a:1");
    }

    @Test
    void aCommitThatFailsStoresNothing() throws Exception {
        bank.run("CREATE TABLE late (id int PRIMARY KEY, other int REFERENCES late DEFERRABLE INITIALLY DEFERRED)");
        CompletableFuture<Integer> future;
        try (Connection connection = begun()) {
            run(connection, "INSERT INTO late VALUES (1, 2)");
            future = call(7);
            assertThrows(SQLException.class, connection::commit);
        }
        assertEquals(Failure.TRANSACTION_ROLLED_BACK, failureOf(future));
        callOutside(1);
        awaitNotes("a:1");
    }

    @Test
    void savepointsDropTheCallsAfterThem() throws Exception {
        try (Connection connection = begun()) {
            Savepoint none = connection.setSavepoint();
            call(1);
            connection.rollback(none);
            call(2);
            Savepoint one = connection.setSavepoint();
            call(3);
            connection.rollback(one);
            call(4);
            connection.rollback(one);
            call(5);
            connection.releaseSavepoint(one);
            connection.commit();
        }
        awaitNotes("a:2", "a:5");
    }

    @Test
    void textDoesNotEndATransactionWithCalls() throws Exception {
        try (Connection connection = begun()) {
            run(connection, "SAVEPOINT s");
            run(connection, "ROLLBACK TO SAVEPOINT s");
            call(1);
            for (String text : List.of("COMMIT", "rollback", "END", "ROLLBACK TO SAVEPOINT s", "COMMIT AND CHAIN")) {
                FloodlockFailure refused =
                        assertThrows(FloodlockFailure.class, () -> run(connection, text), () -> text);
                assertEquals(Failure.ILLEGAL_TRANSACTION, refused.kind());
            }
            try (Statement batch = connection.createStatement()) {
                assertThrows(FloodlockFailure.class, () -> batch.addBatch("COMMIT"));
            }
            run(connection, "SAVEPOINT t");
            run(connection, "RELEASE SAVEPOINT t");
            connection.commit();
        }
        awaitNotes("a:1");
    }

    // ---- the end without commit and rollback

    @Test
    void closingATransactionThatHasWrittenDropsTheCall() throws Exception {
        CompletableFuture<Integer> future;
        try (Connection connection = begun()) {
            add(connection);
            future = call(7);
        }
        assertEquals(Failure.ENQUEUE_UNKNOWN, failureOf(future));
        assertEquals(1000, balance());
        callOutside(1);
        awaitNotes("a:1");
    }

    @Test
    void closingATransactionThatHasOnlyReadStoresTheCall() throws Exception {
        CompletableFuture<Integer> future;
        try (Connection connection = begun()) {
            run(connection, "SELECT * FROM account");
            future = call(7);
        }
        assertEquals(7, future.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void aReadOnlyTransactionStoresTheCallAtItsEnd() throws Exception {
        try (Connection connection = bank.source().getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            run(connection, "SELECT * FROM account");
            call(7);
            callOutside(1);
            connection.commit();
            call(8);
            connection.rollback();
        }
        callOutside(2);
        awaitNotes("a:1", "a:7", "a:2");
    }

    @Test
    void closingAFailedTransactionDropsTheCall() throws Exception {
        CompletableFuture<Integer> future;
        try (Connection connection = begun()) {
            future = call(7);
            assertThrows(SQLException.class, () -> run(connection, "SELECT 1 / 0"));
        }
        assertEquals(Failure.TRANSACTION_ROLLED_BACK, failureOf(future));
    }

    /** As pools do that take part in JTA: the close of the handle ends nothing. */
    @Test
    void aTransactionManagerCommitsAfterTheClose() throws Exception {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        try (Connection physical = source.getConnection()) {
            physical.setAutoCommit(false);
            for (int number = 7; number < 9; number++) {
                try (Connection connection = engine.transactions.wrap(
                        source, PGSimpleDataSource.class, withoutClose(physical), failure -> failure)) {
                    add(connection);
                    call(number);
                }
                callOutside(number - 6);
                if (number == 7) {
                    physical.commit();
                    awaitNotes("a:1", "a:7");
                } else {
                    physical.rollback();
                }
            }
        }
        callOutside(3);
        awaitNotes("a:1", "a:7", "a:2", "a:3");
    }

    private static Connection withoutClose(Connection physical) {
        return (Connection) Proxy.newProxyInstance(
                LocalOutboxIT.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) ->
                        method.getName().equals("close") ? null : method.invoke(physical, arguments));
    }

    // ---- which transaction

    @Test
    void theCallBelongsToTheInnermostTransaction() throws Exception {
        try (Connection outer = begun()) {
            add(outer);
            call(1);
            try (Connection inner = begun()) {
                call(2);
                inner.commit();
            }
            try (Connection inner = begun()) {
                call(3);
                inner.rollback();
            }
            call(4);
            Await.until("the inner call has run", LIMIT, () -> Bodies.notes.size() == 1);
            outer.commit();
        }
        awaitNotes("a:2", "a:1", "a:4");
    }

    @Test
    void aCallBeginsTheNextTransactionOfAConnection() throws Exception {
        try (Connection connection = begun()) {
            add(connection);
            connection.commit();
            call(1);
            add(connection);
            connection.rollback();
            call(2);
            add(connection);
            callOutside(3);
            connection.commit();
        }
        callOutside(4);
        awaitNotes("a:3", "a:2", "a:4");
        // a connection that was given back has none
        assertEquals(5, call(5).get(LIMIT.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void withoutATransactionACallIsStoredAtOnce() throws Exception {
        try (Connection connection = bank.source().getConnection()) {
            add(connection);
            assertEquals(7, call(7).get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        }
    }

    @Test
    void theDistributedTransactionComesFirst() throws Exception {
        try (Connection connection = begun()) {
            run(connection, "SELECT 1");
            Scopes.run(engine.transactions, () -> call(7));
            Await.until("it has run", LIMIT, () -> Bodies.notes.size() == 1);
            connection.rollback();
        }
        awaitNotes("a:7");
    }

    @Test
    void aCallAfterTheCommitRunsAfterThoseBefore() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int number = 0; number < 100; number += 2) {
            try (Connection connection = begun()) {
                add(connection);
                call(number);
                connection.commit();
            }
            call(number + 1);
            expected.add("a:" + number);
            expected.add("a:" + (number + 1));
        }
        awaitNotes(expected.toArray(String[]::new));
    }

    // ---- faults

    @Test
    void callsWaitForRedis() throws Exception {
        redis.kill();
        try (Connection connection = begun()) {
            add(connection);
            call(7);
            connection.commit();
        }
        redis.restart();
        awaitNotes("a:7");
    }

    @Test
    void anotherJvmSendsWhatAJvmHasLeft() throws Exception {
        redis.kill();
        try (Connection connection = begun()) {
            add(connection);
            call(7);
            connection.commit();
        }
        engine.queues.close();
        redis.restart();
        TestEngine other = engine("consume");
        try (Bank seen = Bank.existing(other.transactions, url)) {
            seen.source().getConnection().close();
            awaitNotes("a:7");
        }
    }

    @Test
    void aRoleWithoutTheTablesIsToldWhatToGrant() throws Exception {
        call(1).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        bank.run("CREATE ROLE poor" + suffix() + " LOGIN");
        bank.run("GRANT SELECT ON account TO poor" + suffix());
        bank.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        String poorUrl = url.replaceAll("user=\\w+", "user=poor" + suffix());
        try (Bank poor = Bank.existing(engine.transactions, poorUrl);
                Connection connection = poor.source().getConnection()) {
            connection.setAutoCommit(false);
            FloodlockFailure refused = assertThrows(FloodlockFailure.class, () -> call(2));
            assertEquals(Failure.ILLEGAL_TRANSACTION, refused.kind());
            assertTrue(refused.getMessage().contains("CREATE TABLE"), refused.getMessage());
            connection.rollback();
        }
        assertFalse(Bodies.notes.contains("a:2"));
    }

    private String suffix() {
        return url.replaceAll("^[^?]*/(\\w+)(\\?.*)?$", "_$1");
    }

    private long balance() {
        return Long.parseLong(bank.text("SELECT balance FROM account WHERE id = 1"));
    }
}
