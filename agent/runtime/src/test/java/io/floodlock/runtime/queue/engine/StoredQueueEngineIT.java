package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.lane.Lane;
import io.floodlock.runtime.queue.method.QueueSite;
import io.floodlock.runtime.queue.result.QueuedFuture;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Engines in one JVM over a real Redis. The bodies below enter their site first, as woven code does. */
class StoredQueueEngineIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static RedisServer redis;

    /** The methods under test, and what they saw. */
    static final class Bodies {
        static volatile QueueEngine.Site noteSite;
        static volatile QueueEngine.Site addSite;
        static volatile QueueEngine.Site failSite;
        static volatile QueueEngine.Site laterSite;
        static volatile QueueEngine.Site slowSite;
        static volatile QueueEngine.Site selfSite;

        static final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
        static volatile boolean stumble;
        static final AtomicInteger failures = new AtomicInteger();
        static final ConcurrentHashMap<String, CountDownLatch> gates = new ConcurrentHashMap<>();

        static void note(String key, int number) {
            if (noteSite.enter(null, new Object[] {key, number}) != null) {
                return;
            }
            if (key.equals("stumbling") && number == 0 && stumble) {
                throw new IllegalStateException("stumbled");
            }
            CountDownLatch gate = gates.get(key);
            if (gate != null) {
                await(gate);
            }
            notes.add(key + ":" + number);
        }

        @SuppressWarnings("unchecked")
        static CompletableFuture<Integer> add(int a, int b) {
            Object[] stored = (Object[]) addSite.enter(null, new Object[] {a, b});
            if (stored != null) {
                return (CompletableFuture<Integer>) stored[0];
            }
            return CompletableFuture.completedFuture(a + b);
        }

        @SuppressWarnings("unchecked")
        static CompletionStage<String> later(String text) {
            Object[] stored = (Object[]) laterSite.enter(null, new Object[] {text});
            if (stored != null) {
                return (CompletionStage<String>) stored[0];
            }
            return CompletableFuture.supplyAsync(
                    () -> text + "!", CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
        }

        @SuppressWarnings("unchecked")
        static CompletableFuture<String> fail(String key, String how) throws IOException {
            Object[] stored = (Object[]) failSite.enter(null, new Object[] {key, how});
            if (stored != null) {
                return (CompletableFuture<String>) stored[0];
            }
            failures.incrementAndGet();
            switch (how) {
                case "declared":
                    throw new FileNotFoundException("no file");
                case "unchecked":
                    throw new IllegalStateException("bad state");
                case "own":
                    throw new OwnException("mine");
                case "twice":
                    if (failures.get() <= 2) {
                        throw new IllegalStateException("try " + failures.get());
                    }
                    return CompletableFuture.completedFuture("done");
                default:
                    return CompletableFuture.completedFuture(how);
            }
        }

        static void slow(String text) {
            if (slowSite.enter(null, new Object[] {text}) != null) {
                return;
            }
            await(new CountDownLatch(1));
        }

        static void self(int depth) {
            if (selfSite.enter(null, new Object[] {depth}) != null) {
                return;
            }
            notes.add("self:" + depth);
            if (depth > 0) {
                self(depth - 1);
                notes.add("after:" + depth);
            }
        }

        private static void await(CountDownLatch gate) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    static final class OwnException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OwnException(String message) {
            super(message);
        }
    }

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start("appendonly yes", "appendfsync everysec");
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    private final List<TestEngine> engines = new ArrayList<>();

    @BeforeEach
    void fresh() {
        redis.cli("FLUSHALL");
        Bodies.notes.clear();
        Bodies.failures.set(0);
        Bodies.gates.clear();
    }

    @AfterEach
    void closeEngines() {
        Bodies.gates.values().forEach(CountDownLatch::countDown);
        engines.forEach(TestEngine::close);
    }

    private TestEngine engine(String... more) {
        TestEngine engine = new TestEngine(redis.url(), more);
        engines.add(engine);
        return engine;
    }

    private static QueueEngine.Site note(TestEngine engine) {
        return engine.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.key = (self, arguments) -> String.valueOf(arguments[0]);
            return s;
        });
    }

    private static QueueEngine.Site fail(TestEngine engine, int attempts) {
        return engine.register(MethodHandles.lookup(), Bodies.class, "fail", s -> {
            s.key = (self, arguments) -> String.valueOf(arguments[0]);
            s.attempts = attempts;
            s.noRetryFor = List.of(OwnException.class.getName());
            return s;
        });
    }

    @Test
    void aCallRunsAndOnlyOnce() {
        Bodies.noteSite = note(engine());

        Bodies.note("a", 1);

        Await.until("the body to run", LIMIT, () -> Bodies.notes.contains("a:1"));
        assertEquals(1, Bodies.notes.size());
    }

    @Test
    void callsOfOneKeyRunInOrder() {
        Bodies.noteSite = note(engine());

        for (int i = 0; i < 500; i++) {
            Bodies.note("k" + i % 5, i);
        }

        Await.until(() -> "all bodies, not " + Bodies.notes.size() + state(), LIMIT, () -> Bodies.notes.size() == 500);
        assertOrdered();
    }

    /** What Redis holds, for messages. */
    private static String state() {
        StringBuilder out = new StringBuilder();
        for (String key : redis.cli("KEYS", "*").lines().toList()) {
            out.append("\n").append(key);
            if (key.endsWith(":state") || key.endsWith(":owner") || key.endsWith(":lows")) {
                out.append(" ").append(redis.cli("HGETALL", key).replace("\n", " "));
            } else if (key.endsWith(":calls")) {
                out.append(" ").append(redis.cli("XLEN", key).strip());
            }
        }
        return out.toString();
    }

    private static void assertOrdered() {
        Map<String, Integer> last = new ConcurrentHashMap<>();
        for (String note : Bodies.notes) {
            String[] parts = note.split(":");
            Integer before = last.put(parts[0], Integer.parseInt(parts[1]));
            assertTrue(
                    before == null || before < Integer.parseInt(parts[1]),
                    () -> "order of " + parts[0] + ": " + Bodies.notes);
        }
    }

    @Test
    void aResultComesBack() throws Exception {
        Bodies.addSite = engine().register(MethodHandles.lookup(), Bodies.class, "add", s -> s);

        assertEquals(5, Bodies.add(2, 3).get(10, TimeUnit.SECONDS));
    }

    @Test
    void theResultOfABodyThatReturnsAStageIsWhatItCompletesWith() throws Exception {
        Bodies.laterSite = engine().register(MethodHandles.lookup(), Bodies.class, "later", s -> s);

        assertEquals("hi!", Bodies.later("hi").toCompletableFuture().get(10, TimeUnit.SECONDS));
    }

    @Test
    void aResultComesBackFromAnotherEngine() throws Exception {
        engine().register(MethodHandles.lookup(), Bodies.class, "add", s -> s);
        TestEngine producing = engine("queue.mode", "produce-only");
        Bodies.addSite = producing.register(MethodHandles.lookup(), Bodies.class, "add", s -> s);
        // the consuming engine enters its own site, and both are this one here: its marker must match
        TestEngine consuming = engines.get(0);
        QueueEngine.Site consumers = consuming.register(MethodHandles.lookup(), Bodies.class, "add", s -> s);
        QueueEngine.Site producers = Bodies.addSite;
        Bodies.addSite = (self, arguments) -> consumers == null ? null : entered(consumers, producers, self, arguments);

        assertEquals(7, Bodies.add(3, 4).get(10, TimeUnit.SECONDS));
    }

    private static Object entered(
            QueueEngine.Site consumer, QueueEngine.Site producer, Object self, Object[] arguments) {
        return ((QueueSite) consumer).isConsumed(arguments) ? null : producer.enter(self, arguments);
    }

    @Test
    void aFailingCallIsRunAgainWhileOtherKeysGoOn() throws Exception {
        TestEngine engine = engine();
        Bodies.failSite = fail(engine, 5);

        assertEquals("done", Bodies.fail("k", "twice").get(10, TimeUnit.SECONDS));

        assertEquals(3, Bodies.failures.get());
        assertEquals(List.of(), engine.dead);
    }

    @Test
    void exceptionsTravelAsDeclaredOrUncheckedAndOthersByName() throws Exception {
        TestEngine engine = engine();
        Bodies.failSite = fail(engine, 1);

        IOException declared = assertInstanceOf(FileNotFoundException.class, problem(Bodies.fail("a", "declared")));
        assertEquals("no file", declared.getMessage());
        IllegalStateException unchecked =
                assertInstanceOf(IllegalStateException.class, problem(Bodies.fail("b", "unchecked")));
        assertEquals("bad state", unchecked.getMessage());
        FloodlockFailure other = assertInstanceOf(FloodlockFailure.class, problem(Bodies.fail("c", "own")));
        assertEquals(Failure.REMOTE_BODY, other.kind());
        assertTrue(other.getMessage().contains("OwnException: mine"), other.getMessage());
        Await.until("three dead letters", LIMIT, () -> deadLetters() == 3);
    }

    private static Throwable problem(CompletableFuture<?> future) {
        return assertThrows(ExecutionException.class, () -> future.get(10, TimeUnit.SECONDS))
                .getCause();
    }

    private static int deadLetters() {
        int all = 0;
        for (String key : redis.cli("KEYS", "*:dead").lines().toList()) {
            if (!key.isBlank()) {
                all += Integer.parseInt(redis.cli("XLEN", key).strip());
            }
        }
        return all;
    }

    @Test
    void aCallIsDeadAfterItsAttemptsAndItsKeyGoesOn() throws Exception {
        TestEngine engine = engine();
        Bodies.failSite = fail(engine, 3);

        CompletableFuture<String> dying = Bodies.fail("k", "unchecked");
        CompletableFuture<String> behind = Bodies.fail("k", "fine");

        assertInstanceOf(IllegalStateException.class, problem(dying));
        assertEquals("fine", behind.get(10, TimeUnit.SECONDS));
        assertEquals(4, Bodies.failures.get());
        assertEquals(1, engine.dead.size());
        assertTrue(engine.dead.get(0).contains("bad state"), engine.dead.get(0));
    }

    @Test
    void aParkedKeyStopsNoOther() {
        TestEngine engine = engine("queue.lanes", "1");
        Bodies.noteSite = note(engine);
        Bodies.gates.put("held", new CountDownLatch(1));

        Bodies.note("held", 1);
        for (int i = 0; i < 100; i++) {
            Bodies.note("held", 2 + i);
            Bodies.note("free", i);
        }

        Await.until("the free key", LIMIT, () -> Bodies.notes.size() == 100);
        Bodies.gates.get("held").countDown();
        Await.until("the held key", LIMIT, () -> Bodies.notes.size() == 201);
        assertOrdered();
    }

    @Test
    void aBodyThatTakesTooLongIsInterruptedAndDead() {
        TestEngine engine = engine();
        Bodies.slowSite = engine.register(MethodHandles.lookup(), Bodies.class, "slow", s -> {
            s.timeout = Duration.ofMillis(50);
            s.attempts = 2;
            return s;
        });

        Bodies.slow("x");

        Await.until("the dead letter", LIMIT, () -> engine.dead.size() == 1);
        assertTrue(engine.dead.get(0).contains("longer than 50 ms"), engine.dead.get(0));
    }

    @Test
    void aSelfCallIsANewCall() {
        Bodies.selfSite = engine().register(MethodHandles.lookup(), Bodies.class, "self", s -> s);

        Bodies.self(2);

        Await.until("all depths", LIMIT, () -> Bodies.notes.contains("self:0"));
        Await.until("all that call to go on", LIMIT, () -> Bodies.notes.containsAll(List.of("after:2", "after:1")));
        assertEquals(5, Bodies.notes.size());
    }

    @Test
    void waitingForOnesOwnQueueIsRefused() throws Exception {
        TestEngine engine = engine();
        Bodies.addSite = engine.register(MethodHandles.lookup(), Bodies.class, "add", s -> s);
        CompletableFuture<Integer> future = Bodies.add(1, 1);
        future.get(10, TimeUnit.SECONDS);
        QueuedFuture open = new QueuedFuture("q");
        QueuedFuture.consuming("q");
        try {
            assertThrows(IllegalStateException.class, open::join);
            assertEquals(2, future.join());
        } finally {
            QueuedFuture.consuming(null);
        }
    }

    @Test
    void aFullQueueRejects() {
        TestEngine engine = engine("queue.mode", "produce-only");
        Bodies.noteSite = engine.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.capacity = 10;
            s.reject = true;
            return s;
        });
        for (int i = 0; i < 10; i++) {
            Bodies.note("k", i);
        }

        FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> Bodies.note("k", 10));

        assertEquals(Failure.QUEUE_FULL, failure.kind());
    }

    @Test
    void aBlockedCallGoesOnWhenThereIsRoom() {
        TestEngine engine = engine();
        Bodies.noteSite = engine.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.capacity = 10;
            return s;
        });

        for (int i = 0; i < 200; i++) {
            Bodies.note("k" + i, i);
        }

        Await.until("all bodies", LIMIT, () -> Bodies.notes.size() == 200);
    }

    @Test
    void bytesThatAreNoCallAreDeadAtOnceAndStopNothing() {
        TestEngine engine = engine("queue.lanes", "1");
        Bodies.noteSite = note(engine);
        Bodies.note("a", 1);
        String stream = redis.cli("KEYS", "*:calls").strip();

        redis.cli("XADD", stream, "*", "1", "garbage");
        redis.cli("XADD", stream, "*", "2", "another format");
        redis.cli("XADD", stream, "*", "a", "b", "c", "d");
        Bodies.note("a", 2);

        Await.until("the call behind", LIMIT, () -> Bodies.notes.contains("a:2"));
        Await.until("three dead letters", LIMIT, () -> deadLetters() == 3);
    }

    @Test
    void anEntrySentTwiceIsRunOnce() {
        TestEngine engine = engine("queue.lanes", "1", "queue.mode", "produce-only");
        QueueEngine.Site producers = note(engine);
        Bodies.noteSite = producers;
        Bodies.note("a", 1);
        Bodies.note("a", 2);
        String stream = redis.cli("KEYS", "*:calls").strip();
        engine.redis
                .redisson(LIMIT)
                .getScript(org.redisson.client.codec.StringCodec.INSTANCE)
                .eval(
                        org.redisson.api.RScript.Mode.READ_WRITE,
                        "for _, e in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do"
                                + " redis.call('XADD', KEYS[1], '*', e[2][1], e[2][2]) end return 1",
                        org.redisson.api.RScript.ReturnType.LONG,
                        List.of(stream));
        assertEquals("4", redis.cli("XLEN", stream).strip());

        Bodies.noteSite = note(engine());
        Bodies.note("a", 3);

        Await.until("the last", LIMIT, () -> Bodies.notes.contains("a:3"));
        assertEquals(List.of("a:1", "a:2", "a:3"), List.copyOf(Bodies.notes));
    }

    @Test
    void finishedCallsLeaveTheStreamAndNothingBehind() {
        TestEngine engine = engine("queue.lanes", "1");
        Bodies.noteSite = note(engine);
        for (int i = 0; i < 50; i++) {
            Bodies.note("k" + i % 3, i);
        }
        Await.until("all bodies", LIMIT, () -> Bodies.notes.size() == 50);

        String stream = redis.cli("KEYS", "*:calls").strip();
        Await.until(
                "an empty stream",
                LIMIT,
                () -> redis.cli("XLEN", stream).strip().equals("0"));
        String state = stream.replace(":calls", ":state");
        Await.until(
                "50 finished",
                LIMIT,
                () -> redis.cli("HGET", state, "finished").strip().equals("50"));
        assertEquals(
                "0", redis.cli("EXISTS", stream.replace(":calls", ":0:marks")).strip());
        assertEquals(
                "0",
                redis.cli("EXISTS", stream.replace(":calls", ":0:attempts")).strip());
    }

    @Test
    void manyCallersShareEntries() throws Exception {
        TestEngine engine = engine("queue.mode", "produce-only", "queue.lanes", "1");
        Bodies.noteSite = note(engine);
        List<Thread> callers = new ArrayList<>();
        for (int t = 0; t < 32; t++) {
            int number = t;
            Thread caller = new Thread(() -> {
                for (int i = 0; i < 50; i++) {
                    Bodies.note("k" + number, i);
                }
            });
            caller.start();
            callers.add(caller);
        }
        for (Thread caller : callers) {
            caller.join();
        }
        int entries = Integer.parseInt(
                redis.cli("XLEN", redis.cli("KEYS", "*:calls").strip()).strip());
        assertTrue(entries < 800, entries + " entries for 1600 calls");
    }

    @Test
    void lanesAreSharedAndHandedOver() {
        TestEngine first = engine("queue.lanes", "8");
        note(first);
        Await.until("all lanes", LIMIT, () -> ownedBy(first) == 8);
        TestEngine second = engine("queue.lanes", "8");
        note(second);
        Await.until("a fair share", LIMIT, () -> ownedBy(first) == 4 && ownedBy(second) == 4);
        second.close();
        Await.until("all lanes again", LIMIT, () -> ownedBy(first) == 8);
    }

    private static int ownedBy(TestEngine engine) {
        return engine.queues.consumers().stream()
                .mapToInt(c -> c.owned().size())
                .sum();
    }

    @Test
    void drainWaitsForWhatRunsAndLeavesTheRest() throws Exception {
        TestEngine first = engine("queue.lanes", "1");
        Bodies.noteSite = note(first);
        Bodies.gates.put("held", new CountDownLatch(1));
        Bodies.note("held", 1);
        Bodies.note("held", 2);
        Await.until(
                "the body to run",
                LIMIT,
                () -> first.queues.consumers().stream().anyMatch(consumer -> consumer.running() == 1));
        Thread closing = new Thread(first::close);
        closing.start();
        Await.until("draining", LIMIT, () -> closing.getState() != Thread.State.NEW && closing.isAlive());
        Bodies.gates.get("held").countDown();
        closing.join(15_000);
        assertEquals(
                List.of("held:1"), Bodies.notes.stream().distinct().limit(1).toList());

        Bodies.noteSite = note(engine("queue.lanes", "1"));
        Await.until("the rest", LIMIT, () -> Bodies.notes.contains("held:2"));
        assertEquals(1, Collections.frequency(List.copyOf(Bodies.notes), "held:1"), "handed over, not run again");
    }

    /** More calls of a failing key than a window holds: they must leave the stream, and come back in order. */
    @Test
    void manyCallsBehindAFailingOneAreParkedOutsideTheStreamAndKeepTheirOrder() throws Exception {
        int free = Lane.WINDOW_CALLS + 500;
        // each time they fill the window 512 of them leave it: with so many left over that happens twice at least
        int stumbling = Lane.WINDOW_CALLS + 1_500;
        TestEngine producing = engine("queue.lanes", "1", "queue.mode", "produce-only");
        Bodies.noteSite = note(producing);
        Bodies.stumble = true;
        Thread other = new Thread(() -> {
            for (int i = 0; i < free; i++) {
                Bodies.note("free", i);
            }
        });
        other.start();
        for (int i = 0; i < stumbling; i++) {
            Bodies.note("stumbling", i);
        }
        other.join();
        TestEngine consuming = engine("queue.lanes", "1");
        Bodies.noteSite = consuming.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.key = (self, arguments) -> String.valueOf(arguments[0]);
            s.attempts = 100_000;
            return s;
        });
        String parked = redis.cli("KEYS", "*:calls").strip().replace(":calls", ":0:parked");

        Await.until("calls to be parked", LIMIT, () -> number("HLEN", parked) > 1_000);
        Await.until(
                () -> "the free key, not " + Bodies.notes.size(),
                LIMIT,
                () -> Bodies.notes.stream().filter(n -> n.startsWith("free")).count() == free);
        Bodies.stumble = false;
        Await.until(
                () -> "all bodies, not " + Bodies.notes.size() + state(),
                Duration.ofSeconds(60),
                () -> Bodies.notes.size() == free + stumbling);
        assertOrdered();
        Await.until("no parked calls", LIMIT, () -> number("HLEN", parked) == 0);
    }

    private static int number(String... command) {
        return Integer.parseInt(redis.cli(command).strip());
    }

    @Test
    void aCallOfAnUnknownMethodParksItsKeyUntilSomebodyKnowsIt() {
        TestEngine producing = engine("queue.mode", "produce-only");
        QueueEngine.Site unknown = producing.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.name = "later";
            s.key = (self, arguments) -> String.valueOf(arguments[0]);
            return s;
        });
        TestEngine first = engine();
        Bodies.addSite = first.register(MethodHandles.lookup(), Bodies.class, "add", s -> s);
        unknown.enter(null, new Object[] {"a", 1});
        unknown.enter(null, new Object[] {"a", 2});
        Await.until(
                "the key to be parked",
                LIMIT,
                () -> first.queues.consumers().stream()
                        .anyMatch(c -> !c.missing().isEmpty()));
        assertEquals(List.of(), first.dead);

        TestEngine knowing = engine();
        Bodies.noteSite = knowing.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.name = "later";
            s.key = (self, arguments) -> String.valueOf(arguments[0]);
            return s;
        });

        Await.until("the bodies", LIMIT, () -> Bodies.notes.size() == 2);
        assertEquals(List.of("a:1", "a:2"), List.copyOf(Bodies.notes));
    }

    @Test
    void aFutureEndsThoughRedisHasLostTheCall() {
        Bodies.addSite = engine("queue.mode", "produce-only", "lease", "1s")
                .register(MethodHandles.lookup(), Bodies.class, "add", s -> s);
        CompletableFuture<Integer> future = Bodies.add(1, 2);

        redis.cli("FLUSHALL");

        FloodlockFailure failure = assertInstanceOf(FloodlockFailure.class, problem(future));
        assertEquals(Failure.ENQUEUE_UNKNOWN, failure.kind());
    }

    @Test
    void aFutureEndsThoughItsResultIsGone() {
        TestEngine engine = engine("queue.mode", "produce-only", "lease", "1s", "queue.lanes", "1");
        Bodies.addSite = engine.register(MethodHandles.lookup(), Bodies.class, "add", s -> s);
        CompletableFuture<Integer> future = Bodies.add(1, 2);
        String stream = redis.cli("KEYS", "*:calls").strip();
        // as if its consumer had run it and the result had expired since
        redis.cli(
                "HSET",
                stream.replace(":calls", ":0:identities"),
                engine.queues.session().toString(),
                "1 0");
        redis.cli("XTRIM", stream, "MAXLEN", "0");

        FloodlockFailure failure = assertInstanceOf(FloodlockFailure.class, problem(future));
        assertEquals(Failure.REMOTE_BODY, failure.kind());
        assertTrue(failure.getMessage().contains("ten minutes"), failure.getMessage());
    }

    /** Other producers go on, so that the lane's ids are soon greater than that of the lost call. */
    @Test
    void aFutureEndsThoughRedisHasLostItsCall() {
        TestEngine engine = engine("queue.mode", "produce-only", "lease", "1s", "queue.lanes", "1");
        Bodies.addSite = engine.register(MethodHandles.lookup(), Bodies.class, "add", s -> s);
        CompletableFuture<Integer> lost = Bodies.add(1, 2);
        redis.cli("XTRIM", redis.cli("KEYS", "*:calls").strip(), "MAXLEN", "0");
        CompletableFuture<Integer> waits = Bodies.add(3, 4);

        FloodlockFailure failure = assertInstanceOf(FloodlockFailure.class, problem(lost));
        assertEquals(Failure.ENQUEUE_UNKNOWN, failure.kind());
        assertFalse(waits.isDone());
    }

    /** A method of an object, which must be found. */
    static final class Service {
        static volatile QueueEngine.Site site;
        final String name;

        Service(String name) {
            this.name = name;
        }

        void work(String text) {
            if (site.enter(this, new Object[] {text}) != null) {
                return;
            }
            Bodies.notes.add(name + ":" + text);
        }
    }

    @Test
    void aSoleInstanceRunsTheCallAndSeveralAreAmbiguous() {
        TestEngine engine = engine();
        Service.site = engine.register(MethodHandles.lookup(), Service.class, "work", s -> s);
        Service sole = new Service("sole");
        sole.work("1");
        assertEquals(0, ownedBy(engine), "nothing is consumed before an instance exists");

        engine.queues.constructed(sole);

        Await.until("the body", LIMIT, () -> Bodies.notes.contains("sole:1"));
        Service second = new Service("second");
        engine.queues.constructed(second);
        sole.work("2");
        Await.until(
                "the call to be parked",
                LIMIT,
                () -> engine.queues.consumers().stream()
                        .anyMatch(c -> !c.missing().isEmpty()));
        assertEquals(1, Bodies.notes.size());
        assertEquals("second", second.name);
    }

    @Test
    void inlineRunsTheBodyWhereItIsCalled() {
        Bodies.noteSite = note(engine("queue.mode", "inline"));

        assertNull(Bodies.noteSite.enter(null, new Object[] {"a", 1}));
        assertNotNull(Bodies.noteSite);
    }

    @Test
    void redisDownAtTheFirstCallFailsWithinItsWaitTime() {
        try (TestEngine engine = new TestEngine("redis://127.0.0.1:1")) {
            Bodies.noteSite = engine.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
                s.waitTime = Duration.ofMillis(500);
                return s;
            });

            FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> Bodies.note("a", 1));

            assertEquals(Failure.UNAVAILABLE, failure.kind());
            assertTrue(failure.getMessage().contains("127.0.0.1:1"), failure.getMessage());
        }
    }
}
