package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.inbox.InboxTables;
import io.floodlock.runtime.tx.HomeWork;
import io.floodlock.runtime.tx.TxAttributes;
import io.floodlock.runtime.tx.TxEngine;
import io.floodlock.runtime.tx.TxPropagation;
import io.floodlock.runtime.tx.TxScope;
import io.floodlock.runtime.tx.dialect.DecisionTable;
import io.floodlock.runtime.tx.engine.Bank;
import io.floodlock.runtime.tx.engine.Scopes;
import io.floodlock.runtime.tx.engine.Servers;
import io.floodlock.runtime.tx.name.Ids;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.PostgresServer;
import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies in transactions run exactly once, as far as the database shows. */
@Timeout(120)
class InboxIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static RedisServer redis;

    /** The method under test, surrounded as woven code surrounds it, or without its transaction. */
    static final class Bodies {
        static volatile QueueEngine.Site site;
        static volatile TestEngine engine;
        static volatile Bank bank;
        static volatile boolean transactional;
        static final AtomicInteger runs = new AtomicInteger();
        static final AtomicInteger failures = new AtomicInteger();

        @SuppressWarnings("unchecked")
        static CompletableFuture<Integer> deposit(int account, String how) throws Exception {
            Object[] stored = (Object[]) site.enter(null, new Object[] {account, how});
            if (stored != null) {
                return (CompletableFuture<Integer>) stored[0];
            }
            if (!transactional) {
                try {
                    return body(account, how);
                } finally {
                    site.left(null);
                }
            }
            HomeWork work = site.work();
            TxScope scope = engine.transactions.enter(attributes(), work);
            if (scope == null) {
                try {
                    return (CompletableFuture<Integer>) site.replayed()[0];
                } catch (Throwable e) {
                    throw new AssertionError(e);
                } finally {
                    site.left(null);
                }
            }
            CompletableFuture<Integer> value;
            try {
                value = body(account, how);
            } catch (Throwable e) {
                site.ending(null, e);
                try {
                    scope.exit(e);
                } catch (RuntimeException failure) {
                    e.addSuppressed(failure);
                }
                site.left(e);
                throw e;
            }
            try {
                site.ending(value, null);
                scope.exit(null);
            } catch (Throwable e) {
                site.left(e);
                throw e;
            }
            site.left(null);
            return value;
        }

        private static CompletableFuture<Integer> body(int account, String how) throws Exception {
            int run = runs.incrementAndGet();
            bank.add(account, 1);
            switch (how) {
                case "twice":
                    if (failures.incrementAndGet() <= 2) {
                        throw new IllegalStateException("failed");
                    }
                    break;
                case "commits":
                    throw new IOException("sold out");
                default:
                    break;
            }
            return CompletableFuture.completedFuture(run);
        }

        private static TxAttributes attributes() {
            return new TxAttributes(
                    TxPropagation.REQUIRED, Duration.ofSeconds(30), List.of(), List.of(), "Bodies.deposit");
        }
    }

    private final List<AutoCloseable> open = new ArrayList<>();
    private String url;

    @BeforeAll
    static void startServer() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopServer() {
        redis.close();
    }

    @BeforeEach
    void fresh() {
        redis.cli("FLUSHALL");
        url = Servers.database();
        Bodies.transactional = true;
        Bodies.runs.set(0);
        Bodies.failures.set(0);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    /** One JVM with its view of the database. Bodies run in the last one that was made. */
    private TestEngine engine(String mode, String... more) {
        return engine(mode, transactions -> Bank.simple(transactions, url), more);
    }

    private TestEngine engine(String mode, Function<TxEngine, Bank> database, String... more) {
        List<String> settings = new ArrayList<>(List.of("queue.mode", mode));
        settings.addAll(List.of(more));
        TestEngine engine = new TestEngine(redis.url(), settings.toArray(String[]::new));
        open.add(engine);
        Bank bank = database.apply(engine.transactions);
        open.add(bank);
        if (mode.equals("consume")) {
            Bodies.engine = engine;
            Bodies.bank = bank;
        }
        return engine;
    }

    private QueueEngine.Site register(TestEngine engine) {
        QueueEngine.Site site = engine.register(MethodHandles.lookup(), Bodies.class, "deposit", s -> {
            s.key = (self, arguments) -> "account" + arguments[0];
            s.transactional = Bodies.transactional;
            return s;
        });
        return site;
    }

    private QueueEngine.Site consume(TestEngine engine, boolean knowsDatabase) throws Exception {
        if (knowsDatabase) {
            Scopes.run(engine.transactions, () -> Bodies.bank.add(9, 0));
        }
        Bodies.site = register(engine);
        return Bodies.site;
    }

    @SuppressWarnings("unchecked")
    private static CompletableFuture<Integer> call(QueueEngine.Site site, int account, String how) {
        return (CompletableFuture<Integer>) ((Object[]) site.enter(null, new Object[] {account, how}))[0];
    }

    private long balance(int account) {
        return Long.parseLong(Bodies.bank.text("SELECT balance FROM account WHERE id = " + account));
    }

    private long recorded() {
        return Long.parseLong(Bodies.bank.text("SELECT count(*) FROM floodlock_inbox"));
    }

    /** All that Redis holds now; given back by {@link #restore}, as a server that has lost its newest data. */
    private static Map<String, byte[]> snapshot(TestEngine engine) {
        Map<String, byte[]> all = new HashMap<>();
        engine.redis
                .redisson(LIMIT)
                .getKeys()
                .getKeys()
                .forEach(key ->
                        all.put(key, engine.redis.redisson(LIMIT).getBucket(key).dump()));
        return all;
    }

    private static void restore(TestEngine engine, Map<String, byte[]> all) {
        redis.cli("FLUSHALL");
        all.forEach((key, value) -> engine.redis.redisson(LIMIT).getBucket(key).restore(value));
    }

    /** Ten calls run; then Redis loses that they have. */
    private List<CompletableFuture<Integer>> runAndForget(boolean knowsDatabase) throws Exception {
        TestEngine producer = engine("produce-only");
        QueueEngine.Site produced = register(producer);
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            futures.add(call(produced, i % 3 + 1, "once"));
        }
        Map<String, byte[]> before = snapshot(producer);
        TestEngine first = engine("consume");
        consume(first, true);
        for (CompletableFuture<Integer> future : futures) {
            future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        assertEquals(3004 + 3 + 3, balance(1) + balance(2) + balance(3));
        first.queues.close();
        first.locks.close();
        restore(producer, before);
        consume(engine("consume"), knowsDatabase);
        Await.until("all calls have left again", LIMIT, () -> Bodies.runs.get() >= (Bodies.transactional ? 10 : 20));
        return futures;
    }

    private void awaitEmpty() {
        Await.until(
                "an empty stream",
                LIMIT,
                () -> redis.cli("XLEN", "floodlock:{default:stream:0}:q:calls")
                        .strip()
                        .equals("0"));
    }

    // ---- once

    @Test
    void aCallWhoseEndIsLostIsNotRunAgain() throws Exception {
        runAndForget(true);
        awaitEmpty();
        assertEquals(3010, balance(1) + balance(2) + balance(3));
        assertEquals(10, Bodies.runs.get());
        assertEquals(10, recorded());
    }

    /** The control. */
    @Test
    void withoutATransactionItRunsTwice() throws Exception {
        Bodies.transactional = false;
        runAndForget(true);
        awaitEmpty();
        assertEquals(3020, balance(1) + balance(2) + balance(3));
    }

    /** The first bodies show the database to the JVM: they run, and are rolled back. */
    @Test
    void nothingHappensTwiceWhereTheDatabaseIsNotKnownYet() throws Exception {
        runAndForget(false);
        awaitEmpty();
        assertEquals(3010, balance(1) + balance(2) + balance(3));
        assertEquals(10, recorded());
    }

    @Test
    void theResultOfTheFirstRunIsReplayed() throws Exception {
        TestEngine producer = engine("produce-only");
        QueueEngine.Site produced = register(producer);
        call(produced, 1, "once");
        Map<String, byte[]> before = snapshot(producer);
        producer.close();
        TestEngine first = engine("consume");
        consume(first, true);
        Await.until("it has run", LIMIT, () -> balance(1) == 1001);
        awaitEmpty();
        first.queues.close();
        first.locks.close();
        restore(first, before);
        String results = "floodlock:{default:results:";
        assertEquals("", redis.cli("KEYS", results + "*").strip());
        consume(engine("consume"), true);
        awaitEmpty();
        Await.until(
                "the result is stored again",
                LIMIT,
                () -> !redis.cli("KEYS", results + "*").isBlank());
        assertEquals(1001, balance(1));
        assertEquals(1, Bodies.runs.get());
    }

    // ---- failures

    @Test
    void aBodyThatRollsBackRunsAgain() throws Exception {
        QueueEngine.Site site = consume(engine("consume"), true);
        assertEquals(3, call(site, 1, "twice").get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(1001, balance(1));
        assertEquals(1, recorded());
    }

    @Test
    void anExceptionThatCommitsIsTheResult() throws Exception {
        QueueEngine.Site site = consume(engine("consume"), true);
        ExecutionException thrown = assertThrows(
                ExecutionException.class, () -> call(site, 1, "commits").get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(
                "sold out",
                assertInstanceOf(IOException.class, thrown.getCause()).getMessage());
        awaitEmpty();
        assertEquals(1, Bodies.runs.get());
        assertEquals(1001, balance(1));
        assertEquals(1, recorded());
    }

    // ---- owners

    @Test
    void theTransactionOfAnOwnerThatWasStoppedIsEnded() throws Exception {
        TestEngine first = engine("consume");
        QueueEngine.Site site = consume(first, true);
        call(site, 1, "once").get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        first.queues.close();
        first.locks.close();
        try (Connection zombie = DriverManager.getConnection(url);
                Statement statement = zombie.createStatement()) {
            zombie.setAutoCommit(false);
            statement.execute("SELECT * FROM floodlock_lane FOR SHARE");
            site = consume(engine("consume"), true);
            call(site, 1, "once").get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThrows(SQLException.class, () -> statement.execute("SELECT 1"));
        }
        assertEquals(1002, balance(1));
    }

    @Test
    void anEarlierOwnerRecordsNothing() throws Exception {
        TestEngine engine = engine("consume");
        QueueEngine.Site site = consume(engine, true);
        call(site, 1, "once").get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        long epoch = Long.parseLong(Bodies.bank.text("SELECT max(epoch) FROM floodlock_lane"));
        // a later owner has taken over in the database, and Redis's count is far behind it
        long later = epoch + 1_000_000_000_000L;
        Bodies.bank.run("UPDATE floodlock_lane SET epoch = " + later);
        call(site, 1, "once").get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertEquals(1002, balance(1));
        assertEquals(2, recorded());
        assertTrue(Long.parseLong(Bodies.bank.text("SELECT max(epoch) FROM floodlock_lane")) > later);
        assertEquals(List.of(), engine.dead);
    }

    // ---- branches

    @Test
    void aKeyWaitsWhileABranchIsNotCommitted() throws Exception {
        TestEngine producer = engine("produce-only");
        QueueEngine.Site produced = register(producer);
        CompletableFuture<Integer> future = call(produced, 1, "once");
        Map<String, byte[]> before = snapshot(producer);
        TestEngine first = engine("consume");
        consume(first, true);
        future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        Bank other = Bank.simple(first.transactions, Servers.database());
        open.add(other);
        Scopes.run(first.transactions, () -> other.add(1, 0));
        first.close();

        String gid = Bodies.bank.text("SELECT gid FROM floodlock_inbox");
        UUID table = UUID.fromString(other.text("SELECT branches FROM floodlock_tx WHERE gid = 'floodlock'"));
        String branch = Ids.of(table) + "." + Ids.next() + ".1";
        Bodies.bank.run(
                "INSERT INTO floodlock_tx (gid, state, branches) VALUES ('" + gid + "', 'C', '" + branch + "')");
        try (Connection connection = DriverManager.getConnection(other.url());
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN; INSERT INTO account VALUES (77, 5)");
            statement.execute("PREPARE TRANSACTION '" + gid + ":" + branch + "'");
        }

        restore(producer, before);
        TestEngine second = engine("consume");
        QueueEngine.Site site = consume(second, true);
        CompletableFuture<Integer> next = call(site, 1, "once");
        assertThrows(TimeoutException.class, () -> next.get(3, TimeUnit.SECONDS));
        assertEquals(1001, balance(1));
        // now this JVM can reach the branch, and its recovery commits it
        Bank again = Bank.simple(second.transactions, other.url());
        open.add(again);
        Scopes.run(second.transactions, () -> again.add(9, 0));
        next.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertEquals("5", again.text("SELECT balance FROM account WHERE id = 77"));
        assertEquals(1002, balance(1));
        assertEquals(List.of(), second.dead);
    }

    // ---- the database

    @Test
    void eachIsolationLevelWill() throws Exception {
        for (String level : List.of("repeatable read", "serializable")) {
            url = Servers.database();
            String name = url.replaceAll(".*/|\\?.*", "");
            execute("ALTER DATABASE " + name + " SET default_transaction_isolation = '" + level + "'");
            redis.cli("FLUSHALL");
            runAndForget(true);
            awaitEmpty();
            assertEquals(3010, balance(1) + balance(2) + balance(3), level);
            assertEquals(10, recorded());
            closeAll();
            open.clear();
            Bodies.runs.set(0);
        }
    }

    @Test
    void aRoleThatMayNotCreateTheTablesNeedsThemMade() throws Exception {
        String role = "limited" + System.nanoTime();
        execute("CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL)");
        execute("INSERT INTO account SELECT i, 1000 FROM generate_series(1, 10) i");
        execute("CREATE ROLE " + role + " LOGIN");
        execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        execute("GRANT SELECT, UPDATE ON account TO " + role);
        for (String statement : DecisionTable.ddl()) {
            execute(statement);
        }
        execute("GRANT SELECT, INSERT, DELETE ON floodlock_tx TO " + role);
        String limited = url.replaceAll("user=[^&]*", "user=" + role);
        TestEngine engine = engine("consume", transactions -> Bank.existing(transactions, limited));
        QueueEngine.Site site = consume(engine, true);
        CompletableFuture<Integer> waits = call(site, 1, "once");
        assertThrows(TimeoutException.class, () -> waits.get(2, TimeUnit.SECONDS));
        for (String statement : InboxTables.ddl("")) {
            execute(statement);
        }
        execute("GRANT SELECT, INSERT, UPDATE, DELETE ON floodlock_lane, floodlock_inbox TO " + role);
        waits.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertEquals(List.of(), engine.dead);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void callsWaitWhileTheDatabaseIsAway() throws Exception {
        try (PostgresServer server = PostgresServer.start(Map.of())) {
            url = server.createDatabase("away");
            TestEngine engine = engine("consume");
            QueueEngine.Site site = consume(engine, true);
            call(site, 1, "once").get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            server.kill();
            CompletableFuture<Integer> waits = call(site, 1, "once");
            assertThrows(TimeoutException.class, () -> waits.get(5, TimeUnit.SECONDS));
            server.restart();
            waits.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertEquals(1002, balance(1));
            assertEquals(List.of(), engine.dead);
        }
    }

    @Test
    void aPoolOfOneConnectionIsEnough() throws Exception {
        TestEngine engine = engine("consume", transactions -> Bank.pooled(transactions, url, 1));
        QueueEngine.Site site = consume(engine, true);
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(call(site, i % 8 + 1, "once"));
        }
        for (CompletableFuture<Integer> one : all) {
            one.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        assertEquals(50, recorded());
    }

    // ---- the home

    @Test
    void aJvmWithAnotherHomeRunsNothing() throws Exception {
        redis.cli("HSET", "floodlock:{default:queue:q}", "home", "another");
        QueueEngine.Site site = consume(engine("consume"), true);
        CompletableFuture<Integer> waits = call(site, 1, "once");
        assertThrows(TimeoutException.class, () -> waits.get(2, TimeUnit.SECONDS));
        redis.cli("HDEL", "floodlock:{default:queue:q}", "home");
        waits.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertEquals(1001, balance(1));
    }

    @Test
    void oneOfSeveralDatabasesMustBeNamed() throws Exception {
        TestEngine engine = engine("consume");
        Bank other = Bank.simple(engine.transactions, Servers.database());
        open.add(other);
        Scopes.run(engine.transactions, () -> other.add(1, 0));
        QueueEngine.Site site = consume(engine, true);
        CompletableFuture<Integer> waits = call(site, 1, "once");
        assertThrows(TimeoutException.class, () -> waits.get(2, TimeUnit.SECONDS));
        assertEquals(1000, balance(1));
        FloodlockFailure why = assertThrows(FloodlockFailure.class, () -> engine.transactions.home(null, null));
        assertTrue(why.getMessage().contains("set floodlock.queue.home"), why.getMessage());
        engine.close();

        TestEngine named = engine("consume", "queue.home", url);
        Bank again = Bank.simple(named.transactions, other.url());
        open.add(again);
        Scopes.run(named.transactions, () -> again.add(1, 0));
        consume(named, true);
        Await.until("the call has run", LIMIT, () -> balance(1) == 1001);
        awaitEmpty();
        assertEquals(1, recorded());
    }

    /** The body runs, as it may be the first to use the database; it is rolled back. */
    @Test
    void nothingIsCommittedWithoutARecord() throws Exception {
        TestEngine engine = engine("consume", "queue.home", "another-pool");
        QueueEngine.Site site = consume(engine, true);
        CompletableFuture<Integer> waits = call(site, 1, "once");
        assertThrows(TimeoutException.class, () -> waits.get(2, TimeUnit.SECONDS));
        assertTrue(Bodies.runs.get() > 0);
        assertEquals(1000, balance(1));
        assertEquals(List.of(), engine.dead);
    }

    @Test
    void aDroppedTableIsCreatedAgain() throws Exception {
        QueueEngine.Site site = consume(engine("consume"), true);
        call(site, 1, "once").get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        Bodies.bank.run("DROP TABLE floodlock_inbox");
        call(site, 1, "once").get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertEquals(1002, balance(1));
        assertEquals(1, recorded());
    }
}
