package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.QueuedMethod;
import io.floodlock.runtime.tx.engine.Bank;
import io.floodlock.runtime.tx.engine.Scopes;
import io.floodlock.runtime.tx.engine.Servers;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that run together: each has its own answer, and none suffers from another one. */
@Timeout(120)
class BatchIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Deductions from one account of 1000. */
    static final class Bodies {

        record Deduct(String key, int amount) {}

        static volatile QueueEngine.Site site;
        static volatile Bank bank;
        static final ConcurrentLinkedQueue<List<Deduct>> batches = new ConcurrentLinkedQueue<>();
        static final Semaphore gate = new Semaphore(0);

        @SuppressWarnings("unchecked")
        static CompletableFuture<Boolean> deduct(String key, int amount) {
            Object[] stored = (Object[]) site.enter(null, new Object[] {key, amount});
            return (CompletableFuture<Boolean>) stored[0];
        }

        /** An amount of 0 is not allowed. */
        static List<Boolean> deductAll(List<Deduct> calls) throws SQLException {
            batches.add(calls);
            gate.acquireUninterruptibly();
            gate.release();
            List<Boolean> answers = new ArrayList<>();
            try (Connection connection = bank.source().getConnection();
                    PreparedStatement update = connection.prepareStatement(
                            "UPDATE account SET balance = balance - ? WHERE id = 1 AND balance >= ?")) {
                for (Deduct call : calls) {
                    if (call.amount == 0) {
                        throw new IllegalArgumentException("nothing to deduct");
                    }
                    update.setInt(1, call.amount);
                    update.setInt(2, call.amount);
                    answers.add(update.executeUpdate() == 1);
                }
            }
            return answers;
        }

        static void add(String key) {
            site.enter(null, new Object[] {key});
        }

        static final ConcurrentLinkedQueue<String> added = new ConcurrentLinkedQueue<>();

        static void addAll(List<String> calls) throws SQLException {
            try (Connection connection = bank.source().getConnection();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO added (line) VALUES (?)")) {
                for (String call : calls) {
                    insert.setString(1, call);
                    insert.executeUpdate();
                    if (call.contains("bad")) {
                        throw new IllegalStateException(call);
                    }
                }
            }
        }

        /** As {@link #addAll}, in no transaction. */
        static void noteAll(List<String> calls) {
            for (String call : calls) {
                if (call.contains("bad")) {
                    throw new IllegalStateException(call);
                }
                added.add(call);
            }
        }

        static List<String> committed() {
            return List.of(bank.text("SELECT coalesce(string_agg(line, ' ' ORDER BY id), '') FROM added")
                    .split(" "));
        }

        static List<Boolean> tooFew(List<Deduct> calls) {
            return List.of();
        }

        static void wrongResult(List<Deduct> calls) {}

        static List<Boolean> wrongElement(List<String> calls) {
            return List.of();
        }
    }

    private final List<AutoCloseable> open = new ArrayList<>();
    private RedisServer redis;
    private String url;
    private TestEngine engine;

    @BeforeEach
    void fresh() throws Exception {
        redis = RedisServer.start("appendonly yes", "appendfsync always");
        open.add(redis);
        url = Servers.database();
        Bodies.batches.clear();
        Bodies.added.clear();
        Bodies.gate.drainPermits();
        engine = engine();
    }

    private TestEngine engine() throws Exception {
        TestEngine made = new TestEngine(redis.url(), "queue.mode", "consume", "queue.lanes", "4");
        open.add(made);
        Bank bank = Bank.pooled(made.transactions, url, 8);
        open.add(bank);
        Bodies.bank = bank;
        bank.run("CREATE TABLE IF NOT EXISTS added (id bigserial, line text)");
        // so that the JVM knows the database in which calls are recorded
        Scopes.run(made.transactions, () -> bank.add(2, 1));
        return made;
    }

    private QueueEngine.Site register(String method, String batch, int most, boolean transactional) {
        Bodies.site = engine.register(MethodHandles.lookup(), Bodies.class, method, s -> {
            s.key = (self, arguments) -> ((String) arguments[0]).split(":")[0];
            s.batch = new QueuedMethod.Batch(batch, most);
            s.transactional = transactional;
            s.attempts = 2;
            s.first = Duration.ofMillis(20);
            s.longest = Duration.ofMillis(20);
            return s;
        });
        return Bodies.site;
    }

    @AfterEach
    void closeAll() throws Exception {
        Bodies.gate.release();
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private List<CompletableFuture<Boolean>> deduct(String key, int... amounts) {
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int amount : amounts) {
            answers.add(Bodies.deduct(key, amount));
        }
        return answers;
    }

    private static boolean get(CompletableFuture<Boolean> answer) throws Exception {
        return answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private long balance() {
        return Long.parseLong(Bodies.bank.text("SELECT balance FROM account WHERE id = 1"));
    }

    /** The gate holds the first batch, so that the other calls gather. */
    private void holdFirst() throws Exception {
        Bodies.deduct("hot", 1);
        Await.until("the first batch runs", LIMIT, () -> Bodies.batches.size() == 1);
    }

    @Test
    void callsOfOneKeyRunTogetherAndEachHasItsAnswer() throws Exception {
        register("deduct", "deductAll", 50, true);
        holdFirst();
        List<CompletableFuture<Boolean>> answers =
                deduct("hot", IntStream.range(0, 120).map(i -> 10).toArray());
        Bodies.gate.release();
        int sold = 0;
        for (CompletableFuture<Boolean> answer : answers) {
            sold += get(answer) ? 1 : 0;
        }
        assertEquals(99, sold);
        assertEquals(9, balance());
        assertTrue(get(answers.get(98)));
        assertTrue(!get(answers.get(99)));
        assertTrue(Bodies.batches.stream().anyMatch(batch -> batch.size() > 10), Bodies.batches::toString);
        assertTrue(Bodies.batches.stream().allMatch(batch -> batch.size() <= 50), Bodies.batches::toString);
    }

    @Test
    void aBadCallIsFoundAndTheOthersRunOnce() throws Exception {
        register("deduct", "deductAll", 100, true);
        holdFirst();
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(Bodies.deduct("k" + i % 5, i == 7 ? 0 : 1));
        }
        Bodies.gate.release();
        for (int i = 0; i < 20; i++) {
            if (i != 7) {
                assertTrue(get(answers.get(i)));
            }
        }
        ExecutionException why =
                assertThrows(ExecutionException.class, () -> answers.get(7).get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(
                "nothing to deduct",
                assertInstanceOf(IllegalArgumentException.class, why.getCause()).getMessage());
        assertEquals(1000 - 1 - 19, balance());
        assertEquals(1, engine.dead.size());
    }

    /** Those behind a bad call of their key run after it is dead. */
    @Test
    void theOrderOfAKeyHolds() throws Exception {
        register("add", "addAll", 100, true);
        Map<String, List<String>> expected = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            String key = "k" + i % 7;
            if (i % 20 == 3) {
                Bodies.add(key + ":bad" + i);
            }
            Bodies.add(key + ":" + i);
            expected.computeIfAbsent(key, any -> new ArrayList<>()).add(key + ":" + i);
        }
        Await.until(
                () -> "300 calls, not " + Bodies.committed().size(),
                LIMIT,
                () -> Bodies.committed().size() >= 300);
        Map<String, List<String>> found = new TreeMap<>();
        for (String call : Bodies.committed()) {
            found.computeIfAbsent(call.split(":")[0], any -> new ArrayList<>()).add(call);
        }
        assertEquals(expected, found);
        assertEquals(15, engine.dead.size());
    }

    @Test
    void withoutATransactionABadCallDelaysNone() {
        register("add", "noteAll", 100, false);
        for (int i = 0; i < 100; i++) {
            Bodies.add(i % 10 == 5 ? "bad" + i : "k" + i);
        }
        Await.until(
                "all others have run",
                LIMIT,
                () -> Bodies.added.stream().distinct().count() == 90);
        Await.until("the bad ones are dead", LIMIT, () -> engine.dead.size() == 10);
    }

    /** Redis does not learn that a batch has run, and gives its calls out again. */
    @Test
    void callsThatHaveRunAreNotRunAgain() throws Exception {
        register("deduct", "deductAll", 50, true);
        holdFirst();
        List<CompletableFuture<Boolean>> answers =
                deduct("hot", IntStream.range(0, 30).map(i -> 1).toArray());
        redis.pause();
        Bodies.gate.release();
        Await.until("all have run", LIMIT, () -> balance() == 1000 - 31);
        // longer than the lease
        Await.until(
                "the lanes are lost",
                LIMIT,
                () -> engine.queues.consumers().stream()
                        .allMatch(each -> each.owned().isEmpty()));
        redis.resume();
        for (CompletableFuture<Boolean> answer : answers) {
            assertTrue(get(answer));
        }
        assertTrue(get(Bodies.deduct("hot", 1)));
        assertEquals(1000 - 32, balance());
    }

    @Test
    void aBatchMethodMustAnswerEachCall() {
        register("deduct", "tooFew", 50, true);
        ExecutionException why = assertThrows(
                ExecutionException.class, () -> Bodies.deduct("a", 1).get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertTrue(why.getCause().getMessage().contains("one result for each of its 1 calls"), why.getMessage());
    }

    @Test
    void aBatchMethodThatDoesNotFitIsRefused() {
        for (String wrong : List.of("missing", "wrongResult", "wrongElement")) {
            RuntimeException refused =
                    assertThrows(RuntimeException.class, () -> register("deduct", wrong, 50, true), wrong);
            assertTrue(refused.getMessage().contains(wrong), refused.getMessage());
        }
    }
}
