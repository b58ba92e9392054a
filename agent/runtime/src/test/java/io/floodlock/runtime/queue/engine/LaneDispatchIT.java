package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.consume.QueueConsumer;
import io.floodlock.runtime.queue.lane.Lane;
import io.floodlock.runtime.queue.record.ReservedCalls;
import io.floodlock.runtime.queue.redis.RedisQueueKeys;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies that hang, lines that are long, lanes that move: what else of the queue goes on. Two engines stand for JVMs. */
class LaneDispatchIT {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int LANES = 4;
    private static RedisServer redis;

    private static final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
    private static final ConcurrentHashMap<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    private static void body(String key, int number) {
        CountDownLatch gate = gates.get(key.replaceAll("[0-9]", ""));
        if (gate != null) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        }
        notes.add(key + ":" + number);
    }

    /** The methods as the first engine has them; each engine has its own, as each JVM would. */
    static final class One {
        static volatile QueueEngine.Site site;

        static void note(String key, int number) {
            if (site.enter(null, new Object[] {key, number}) == null) {
                body(key, number);
            }
        }
    }

    static final class Two {
        static volatile QueueEngine.Site site;
        static volatile QueueEngine.Site otherSite;

        static void note(String key, int number) {
            if (site.enter(null, new Object[] {key, number}) == null) {
                body(key, number);
            }
        }

        static void other(String key, int number) {
            if (otherSite.enter(null, new Object[] {key, number}) == null) {
                body("other-" + key, number);
            }
        }
    }

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    private final List<TestEngine> engines = new ArrayList<>();
    private QueueEngine.Site producer;
    private QueueEngine.Site otherProducer;

    @BeforeEach
    void fresh() {
        redis.cli("FLUSHALL");
        notes.clear();
        gates.clear();
    }

    @AfterEach
    void closeEngines() {
        gates.values().forEach(CountDownLatch::countDown);
        engines.forEach(TestEngine::close);
    }

    private TestEngine engine(String... more) {
        TestEngine engine = new TestEngine(redis.url(), more);
        engines.add(engine);
        return engine;
    }

    private static QueueEngine.Site register(TestEngine engine, Class<?> owner, String method, int workers) {
        return engine.register(MethodHandles.lookup(), owner, method, s -> {
            s.key = (self, arguments) -> String.valueOf(arguments[0]);
            s.workers = workers;
            return s;
        });
    }

    private void producer(int lanes) {
        TestEngine engine = engine("queue.mode", "produce-only", "queue.lanes", Integer.toString(lanes));
        producer = register(engine, One.class, "note", 16);
        otherProducer = register(engine, Two.class, "other", 16);
    }

    private TestEngine one(int lanes, int workers) {
        TestEngine engine = engine("queue.lanes", Integer.toString(lanes));
        One.site = register(engine, One.class, "note", workers);
        return engine;
    }

    private TestEngine two(int lanes, int workers) {
        TestEngine engine = engine("queue.lanes", Integer.toString(lanes));
        Two.site = register(engine, Two.class, "note", workers);
        return engine;
    }

    private void note(String key, int number) {
        producer.enter(null, new Object[] {key, number});
    }

    private static CountDownLatch gate(String key) {
        return gates.computeIfAbsent(key, k -> new CountDownLatch(1));
    }

    private static String inLane(int lane, String prefix) {
        for (int i = 0; ; i++) {
            if (new LaneLayout(LANES, List.of(0)).laneOf(prefix + i) == lane) {
                return prefix + i;
            }
        }
    }

    private static long notes(String prefix) {
        return notes.stream().filter(note -> note.startsWith(prefix)).count();
    }

    private static void awaitNotes(String prefix, int count) {
        Await.until(() -> count + " of " + prefix + ", not " + notes(prefix), LIMIT, () -> notes(prefix) == count);
    }

    private static int running(TestEngine engine) {
        return engine.queues.consumers().stream()
                .mapToInt(QueueConsumer::running)
                .sum();
    }

    private static int owned(TestEngine engine) {
        return engine.queues.consumers().stream()
                .mapToInt(consumer -> consumer.owned().size())
                .sum();
    }

    private static String key(int lane, String part) {
        return new RedisQueueKeys("default", "q").lane(0, lane).owner().replace(":owner", ":" + part);
    }

    private static ReservedCalls reserved(int lane) {
        String text = redis.cli("HGET", key(lane, "owner"), "reserved").strip();
        return text.isEmpty() ? ReservedCalls.NONE : ReservedCalls.parse(text);
    }

    @Test
    void fewCallsAreSuspectsIfAnOwnerDies() {
        producer(1);
        gate("held");
        for (int i = 0; i < 1_000; i++) {
            note("held" + i, i);
        }
        TestEngine one = one(1, 4);

        Await.until("four bodies to run", LIMIT, () -> running(one) == 4);
        Await.until(
                () -> "a small reservation, not " + reserved(0),
                LIMIT,
                () -> reserved(0).count() >= 4 && reserved(0).count() < 100);
        assertEquals(0, notes("held"), "all thousand are unfinished");
    }

    /** After many short bodies few workers are woken; bodies that block must get one each all the same. */
    @Test
    void bodiesThatBlockGetAllWorkersAfterManyShortOnes() {
        producer(LANES);
        one(LANES, 8);
        for (int i = 0; i < 2_000; i++) {
            note("short" + i % 50, i);
        }
        awaitNotes("short", 2_000);
        gate("held");

        for (int i = 0; i < 8; i++) {
            note("held" + i, i);
        }

        Await.until(
                "eight bodies to run",
                LIMIT,
                () -> engines.stream().mapToInt(LaneDispatchIT::running).sum() == 8);
    }

    @Test
    void aSuspectThatHangsHoldsUpNoOther() {
        producer(1);
        gate("hang");
        note("hang", 0);
        for (int i = 1; i < 40; i++) {
            note("k" + i, i);
        }
        // as an owner that was killed while all of them ran would have left it
        redis.cli("HSET", key(0, "owner"), "owner", UUID.randomUUID().toString(), "reserved", "0-39;");

        TestEngine one = one(1, 16);

        awaitNotes("k", 39);
        assertEquals(0, notes("hang"));
        gate("hang").countDown();
        awaitNotes("hang", 1);
        assertEquals(List.of(), one.dead);
        Await.until(
                "no attempts to be left",
                LIMIT,
                () -> redis.cli("EXISTS", key(0, "attempts")).strip().equals("0"));
    }

    @Test
    void aSuspectThatHangsAloneHoldsOthersUpForAWhileOnly() {
        producer(1);
        gate("hang");
        note("hang", 0);
        redis.cli("HSET", key(0, "owner"), "owner", UUID.randomUUID().toString(), "reserved", "0;");
        TestEngine one = one(1, 16);
        String attempts = key(0, "attempts");
        Await.until(
                "the suspect to run",
                LIMIT,
                () -> redis.cli("HVALS", attempts).strip().equals("0 0 1"));
        // the first engine loses the lane as if it had died, and can't own it while the body hangs
        TestEngine two = two(1, 16);
        redis.cli("HINCRBY", key(0, "owner"), "epoch", "1");
        note("poke", 0);
        Await.until(
                "the suspect to run alone",
                LIMIT,
                () -> redis.cli("HVALS", attempts).strip().equals("0 0 2"));
        note("k", 1);

        awaitNotes("k", 1);

        assertEquals("0 0 1", redis.cli("HVALS", attempts).strip(), "a death is not its own any more");
        gate("hang").countDown();
        awaitNotes("hang", 2);
        assertEquals(List.of(), one.dead);
        assertEquals(List.of(), two.dead);
    }

    @Test
    void aHotKeyDelaysNoOtherKeyOfItsLane() {
        producer(1);
        gate("hot");
        int hot = Lane.WINDOW_CALLS + 300;
        for (int i = 0; i < hot; i++) {
            note("hot", i);
        }
        note("other", 0);
        one(1, 16);

        awaitNotes("other", 1);

        assertEquals(0, notes("hot"));
        gate("hot").countDown();
        awaitNotes("hot", hot);
        int expected = 0;
        for (String note : notes) {
            if (note.startsWith("hot")) {
                assertEquals("hot:" + expected++, note);
            }
        }
        Await.until(
                "no parked calls",
                LIMIT,
                () -> redis.cli("EXISTS", key(0, "parked")).strip().equals("0"));
    }

    @Test
    void aHotKeyKeepsItsOrderAcrossOwners() {
        producer(1);
        gate("hot");
        int hot = Lane.WINDOW_CALLS + 300;
        for (int i = 0; i < hot; i++) {
            note("hot", i);
        }
        one(1, 16);
        Await.until(
                "calls to be parked",
                LIMIT,
                () -> Integer.parseInt(redis.cli("HLEN", key(0, "parked")).strip()) > 500);
        TestEngine two = two(1, 16);
        redis.cli("HINCRBY", key(0, "owner"), "epoch", "1");
        note("poke", 0);
        Await.until("the other owner", LIMIT, () -> owned(two) == 1);
        note("other", 0);
        awaitNotes("other", 1);
        gate("hot").countDown();

        Await.until(
                () -> "all, not " + notes("hot"),
                LIMIT,
                () -> notes.stream()
                                .filter(note -> note.startsWith("hot"))
                                .distinct()
                                .count()
                        == hot);

        assertEquals(List.of(), Ledger.orderViolations(List.copyOf(notes)));
    }

    @Test
    void lanesWithALongBodyGoOnWhileAnotherJvmWantsThem() {
        producer(LANES);
        TestEngine one = one(LANES, 16);
        Await.until("all lanes", LIMIT, () -> owned(one) == LANES);
        gate("long");
        for (int lane = 0; lane < LANES; lane++) {
            note(inLane(lane, "long"), lane);
        }
        Await.until("long bodies", LIMIT, () -> running(one) == LANES);
        TestEngine two = two(LANES, 16);
        Await.until(
                "lanes to be handed over",
                LIMIT,
                () -> one.queues.consumers().stream().anyMatch(QueueConsumer::isHandingOver));

        for (int lane = 0; lane < LANES; lane++) {
            note(inLane(lane, "quick"), lane);
        }
        awaitNotes("quick", LANES);

        assertEquals(0, notes("long"));
        gate("long").countDown();
        awaitNotes("long", LANES);
        Await.until("a fair share", LIMIT, () -> owned(one) == LANES / 2 && owned(two) == LANES / 2);
        assertEquals(LANES, notes("long"), "none ran twice");
    }

    @Test
    void inARollingDeployCallsOfTheNewMethodRunAndThoseOfTheOldToo() {
        producer(LANES);
        TestEngine one = one(LANES, 16);
        TestEngine two = two(LANES, 16);
        Two.otherSite = register(two, Two.class, "other", 16);
        Await.until("a fair share", LIMIT, () -> owned(one) == LANES / 2 && owned(two) == LANES / 2);

        for (int round = 1; round <= 5; round++) {
            for (int lane = 0; lane < LANES; lane++) {
                otherProducer.enter(null, new Object[] {inLane(lane, "x"), round});
                note(inLane(lane, "n"), round);
            }
            awaitNotes("other", LANES * round);
            awaitNotes("n", LANES * round);
        }

        assertEquals(List.of(), one.dead);
    }

    @Test
    void aLaneThatItsOwnerLostWhileABodyHangsGetsAnotherOwner() {
        producer(LANES);
        TestEngine one = one(LANES, 16);
        TestEngine two = two(LANES, 16);
        Await.until("a fair share", LIMIT, () -> owned(one) == LANES / 2 && owned(two) == LANES / 2);
        int lane = one.queues.consumers().iterator().next().owned().iterator().next();
        gate("hang");
        note(inLane(lane, "hang"), 0);
        Await.until("the body", LIMIT, () -> running(one) == 1);

        redis.cli("HINCRBY", key(lane, "owner"), "epoch", "1");
        note(inLane(lane, "poke"), 0);
        QueueConsumer other = two.queues.consumers().iterator().next();
        Await.until("the other owner", LIMIT, () -> other.owned().contains(lane));
        note(inLane(lane, "k"), 0);

        awaitNotes("k", 1);
    }
}
