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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that are made in a transaction are stored if and only if it commits. */
@Timeout(120)
class OutboxIT {

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

    @BeforeEach
    void fresh() {
        redis = RedisServer.start("appendonly yes", "appendfsync always");
        open.add(redis);
        url = Servers.database();
        Bodies.notes.clear();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private final class Jvm {
        final TestEngine engine;
        final Bank bank;
        final QueueEngine.Site site;

        Jvm(String mode) {
            engine = new TestEngine(redis.url(), "queue.mode", mode, "queue.lanes", "16");
            open.add(engine);
            bank = Bank.pooled(engine.transactions, url, 8);
            open.add(bank);
            site = engine.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
                s.key = (self, arguments) -> (String) arguments[0];
                s.waitTime = Duration.ofSeconds(5);
                return s;
            });
            if (mode.equals("consume")) {
                Bodies.site = site;
            }
        }

        @SuppressWarnings("unchecked")
        CompletableFuture<Integer> call(String key, int number) {
            return (CompletableFuture<Integer>) ((Object[]) site.enter(null, new Object[] {key, number}))[0];
        }

        void run(Scopes.Body body) throws Exception {
            Scopes.run(engine.transactions, body);
        }
    }

    private long rows() {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM floodlock_outbox")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitNotes(int count) {
        Await.until(() -> count + " bodies, not " + Bodies.notes.size(), LIMIT, () -> Bodies.notes.size() >= count);
        assertEquals(count, Bodies.notes.size());
    }

    /** Of the same key: a call of the transaction that was stored by now would run before it. */
    private void awaitCallOutside(Jvm jvm) {
        CompletableFuture.supplyAsync(() -> jvm.call("a", 0).join()).join();
        assertEquals(List.of("a:0"), List.copyOf(Bodies.notes));
    }

    // ---- if and only if

    @Test
    void aCallIsStoredWhenItsTransactionCommits() throws Exception {
        Jvm jvm = new Jvm("consume");
        AtomicReference<CompletableFuture<Integer>> future = new AtomicReference<>();
        jvm.run(() -> {
            jvm.bank.add(1, 5);
            future.set(jvm.call("a", 7));
            assertThrows(IllegalStateException.class, () -> future.get().join());
            awaitCallOutside(jvm);
        });
        assertEquals(7, future.get().get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        awaitNotes(2);
        Await.until("its row is deleted", LIMIT, () -> rows() == 0);
    }

    @Test
    void aCallIsNotStoredWhenItsTransactionRollsBack() throws Exception {
        Jvm jvm = new Jvm("consume");
        AtomicReference<CompletableFuture<Integer>> future = new AtomicReference<>();
        assertThrows(
                IllegalStateException.class,
                () -> jvm.run(() -> {
                    jvm.bank.add(1, 5);
                    future.set(jvm.call("a", 1));
                    throw new IllegalStateException("no");
                }));
        ExecutionException why =
                assertThrows(ExecutionException.class, () -> future.get().get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(
                Failure.TRANSACTION_ROLLED_BACK,
                assertInstanceOf(FloodlockFailure.class, why.getCause()).kind());
        jvm.run(() -> {
            jvm.bank.add(1, 5);
            jvm.call("a", 2);
        });
        awaitNotes(1);
        assertEquals(List.of("a:2"), List.copyOf(Bodies.notes));
    }

    @Test
    void aSavepointDropsTheCallsAfterIt() throws Exception {
        Jvm jvm = new Jvm("consume");
        jvm.run(() -> {
            try (Connection connection = jvm.bank.source().getConnection()) {
                connection.setAutoCommit(false);
                jvm.call("a", 1);
                Savepoint first = connection.setSavepoint();
                jvm.call("a", 2);
                connection.rollback(first);
                jvm.call("a", 3);
                Savepoint second = connection.setSavepoint();
                jvm.call("a", 4);
                connection.releaseSavepoint(second);
            }
        });
        awaitNotes(3);
        assertEquals(List.of("a:1", "a:3", "a:4"), List.copyOf(Bodies.notes));
    }

    @Test
    void withoutADatabaseCallsAreStoredAtTheEnd() throws Exception {
        Jvm jvm = new Jvm("consume");
        AtomicReference<CompletableFuture<Integer>> future = new AtomicReference<>();
        jvm.run(() -> {
            future.set(jvm.call("a", 1));
            jvm.call("a", 2);
            awaitCallOutside(jvm);
        });
        assertEquals(1, future.get().get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        awaitNotes(3);
    }

    // ---- order

    @Test
    void theOrderOfAKeyIsThatOfCommits() throws Exception {
        Jvm producer = new Jvm("produce-only");
        Jvm other = new Jvm("produce-only");
        new Jvm("consume");
        int threads = 8;
        int each = 60;
        CountDownLatch done = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            Jvm by = i % 2 == 0 ? producer : other;
            int account = i % 4 + 1;
            new Thread(() -> {
                        for (int n = 0; n < each; n++) {
                            try {
                                by.run(() -> {
                                    try (Connection connection =
                                                    by.bank.source().getConnection();
                                            PreparedStatement update = connection.prepareStatement(
                                                    "UPDATE account SET balance = balance + 1 WHERE id = " + account
                                                            + " RETURNING balance");
                                            ResultSet row = update.executeQuery()) {
                                        row.next();
                                        by.call("k" + account, row.getInt(1));
                                    }
                                });
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        }
                        done.countDown();
                    })
                    .start();
        }
        assertTrue(done.await(60, TimeUnit.SECONDS));
        awaitNotes(threads * each);
        Map<String, List<Integer>> byKey = new TreeMap<>();
        for (String note : Bodies.notes) {
            String[] parts = note.split(":");
            byKey.computeIfAbsent(parts[0], any -> new ArrayList<>()).add(Integer.parseInt(parts[1]));
        }
        byKey.values().forEach(numbers -> assertEquals(numbers.stream().sorted().toList(), numbers));
        assertEquals(4, byKey.size());
    }

    // ---- faults

    @Test
    void anotherJvmSendsWhatAJvmHasLeft() throws Exception {
        Jvm first = new Jvm("produce-only");
        first.run(() -> first.bank.add(9, 0));
        redis.kill();
        first.run(() -> {
            first.bank.add(1, 5);
            first.call("a", 1);
            first.call("b", 2);
        });
        assertEquals(2, rows());
        first.engine.queues.close();
        redis.restart();
        Jvm second = new Jvm("consume");
        second.run(() -> second.bank.add(9, 0));
        awaitNotes(2);
        Await.until("the rows are deleted", LIMIT, () -> rows() == 0);
    }

    @Test
    void callsThatAreSentAgainRunOnce() throws Exception {
        Jvm jvm = new Jvm("consume");
        for (int i = 0; i < 20; i++) {
            int number = i;
            jvm.run(() -> {
                jvm.bank.add(1, 1);
                jvm.call("a", number);
            });
        }
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept AS SELECT * FROM floodlock_outbox");
            statement.execute("CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN INSERT INTO kept SELECT NEW.*; RETURN NEW; END'");
            statement.execute(
                    "CREATE TRIGGER keep AFTER INSERT ON floodlock_outbox FOR EACH ROW" + " EXECUTE FUNCTION keep()");
        }
        for (int i = 20; i < 40; i++) {
            int number = i;
            jvm.run(() -> {
                jvm.bank.add(1, 1);
                jvm.call("a", number);
            });
        }
        awaitNotes(40);
        Await.until("the rows are deleted", LIMIT, () -> rows() == 0);
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE floodlock_outbox DISABLE TRIGGER keep");
            // as a sender leaves them that dies before it deletes them
            statement.execute("INSERT INTO floodlock_outbox SELECT * FROM kept");
        }
        Await.until("they are sent again", LIMIT, () -> rows() == 0);
        jvm.run(() -> {
            jvm.bank.add(1, 1);
            jvm.call("a", 40);
        });
        awaitNotes(41);
        assertEquals(41, Bodies.notes.stream().distinct().count());
        assertFalse(jvm.engine.dead.iterator().hasNext());
    }

    @Test
    void aTableThatIsMadeAnewLosesNothing() throws Exception {
        Jvm jvm = new Jvm("consume");
        for (int i = 0; i < 5; i++) {
            int number = i;
            jvm.run(() -> {
                jvm.bank.add(1, 1);
                jvm.call("a", number);
            });
        }
        awaitNotes(5);
        Await.until("the rows are deleted", LIMIT, () -> rows() == 0);
        jvm.bank.run("DELETE FROM floodlock_bucket");
        for (int i = 5; i < 8; i++) {
            int number = i;
            jvm.run(() -> {
                jvm.bank.add(1, 1);
                jvm.call("a", number);
            });
        }
        awaitNotes(8);
        jvm.bank.run("DROP TABLE floodlock_outbox, floodlock_bucket");
        assertThrows(
                FloodlockFailure.class,
                () -> jvm.run(() -> {
                    jvm.bank.add(1, 1);
                    jvm.call("a", 8);
                }));
        jvm.run(() -> {
            jvm.bank.add(1, 1);
            jvm.call("a", 9);
        });
        awaitNotes(9);
    }
}
