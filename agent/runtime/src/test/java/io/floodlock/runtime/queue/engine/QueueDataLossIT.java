package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.method.QueueSite;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.api.RStream;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamReadArgs;
import org.redisson.client.codec.ByteArrayCodec;

/** Redis loses data while JVMs use a queue: its layout and its counters come back as they must be. */
@Timeout(120)
class QueueDataLossIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String LAYOUT = "floodlock:{default:queue:q}";
    private static RedisServer redis;

    static final class Bodies {
        static final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
        static volatile CountDownLatch gate = new CountDownLatch(0);

        /** The sites of all engines of this JVM. */
        static final List<QueueSite> sites = new CopyOnWriteArrayList<>();

        static void note(String key, int number) throws InterruptedException {
            Object[] arguments = {key, number};
            if (sites.stream().noneMatch(site -> site.isConsumed(arguments))) {
                throw new IllegalStateException("not called by a consumer");
            }
            if (key.equals("held")) {
                gate.await();
            }
            notes.add(key + ":" + number);
        }
    }

    private final List<TestEngine> engines = new ArrayList<>();
    private int filled;

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void fresh() {
        redis.cli("FLUSHALL");
        Bodies.notes.clear();
        Bodies.sites.clear();
        Bodies.gate = new CountDownLatch(1);
    }

    @AfterEach
    void closeEngines() {
        Bodies.gate.countDown();
        engines.forEach(TestEngine::close);
    }

    private TestEngine engine(String mode, int lanes) {
        TestEngine engine = new TestEngine(redis.url(), "queue.mode", mode, "queue.lanes", Integer.toString(lanes));
        engines.add(engine);
        return engine;
    }

    private static QueueSite note(TestEngine engine) {
        return note(engine, false);
    }

    private static QueueSite note(TestEngine engine, boolean reject) {
        QueueSite site = (QueueSite) engine.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.key = (self, arguments) -> String.valueOf(arguments[0]);
            s.capacity = 100;
            s.reject = reject;
            return s;
        });
        Bodies.sites.add(site);
        return site;
    }

    private static void call(QueueEngine.Site site, String key, int number) {
        site.enter(null, new Object[] {key, number});
    }

    private static String lanes() {
        return redis.cli("HGET", LAYOUT, "layout").strip().replaceAll(":0$", "");
    }

    /** The calls of one lane in the queue's stream. */
    private int length(int lane) {
        RStream<byte[], byte[]> stream = engines.get(0)
                .redis
                .redisson(LIMIT)
                .getStream("floodlock:{default:stream:0}:q:calls", ByteArrayCodec.INSTANCE);
        return stream.read(StreamReadArgs.greaterThan(StreamMessageId.ALL)).values().stream()
                .flatMap(entry -> entry.values().stream())
                .map(bytes -> EntryRecord.fromBytes(bytes, number -> true).section(lane))
                .mapToInt(section -> section == null ? 0 : section.calls().size())
                .sum();
    }

    /** Bodies of an owner whose lane was lost run again, so each call counts once. */
    private static void awaitNotes(int count) {
        Await.until(
                () -> count + " bodies, not " + Bodies.notes,
                LIMIT,
                () -> Bodies.notes.stream().distinct().count() == count);
    }

    private void twoLanes() {
        TestEngine first = engine("produce-only", 2);
        call(note(first), "a", 0);
        first.close();
        engines.remove(first);
        Bodies.sites.clear();
    }

    @Test
    void consumersWriteTheLayoutThatTheyUse() {
        twoLanes();
        // the setting was raised later, which changes nothing for a queue that exists
        TestEngine consuming = engine("consume", 8);
        QueueSite old = note(consuming);
        awaitNotes(1);

        redis.cli("FLUSHALL");

        Await.until("the layout", LIMIT, () -> lanes().equals("2"));
        QueueSite young = note(engine("produce-only", 8));
        Bodies.notes.clear();
        for (int i = 0; i < 20; i++) {
            call(old, "k" + i, 1);
            call(young, "k" + i, 2);
        }
        awaitNotes(40);
        List<String> notes = List.copyOf(Bodies.notes);
        for (int i = 0; i < 20; i++) {
            assertTrue(notes.indexOf("k" + i + ":1") < notes.indexOf("k" + i + ":2"), notes::toString);
        }
    }

    @Test
    void aProducerWritesTheLayoutThatItUses() {
        twoLanes();
        QueueSite old = note(engine("produce-only", 8));
        call(old, "a", 1);

        redis.cli("FLUSHALL");
        call(old, "a", 2);

        assertEquals("2", lanes());
    }

    /** A new JVM is faster than those that know the layout: then these use the new one, before they store a call. */
    @Test
    void allJvmsUseTheLayoutThatIsStoredFirst() {
        twoLanes();
        QueueSite old = note(engine("produce-only", 8));
        String key = keyWhoseLaneChanges();
        call(old, key, 1);

        redis.cli("FLUSHALL");
        call(note(engine("produce-only", 8)), key, 2);
        assertEquals("8", lanes());
        call(old, key, 3);

        assertEquals(2, length(new LaneLayout(8, List.of(0)).laneOf(key)), "one key, one lane");
        note(engine("consume", 8));
        awaitNotes(2);
        assertEquals(
                List.of(key + ":2", key + ":3"),
                Bodies.notes.stream().distinct().toList());
    }

    private static String keyWhoseLaneChanges() {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "k" + i)
                .filter(key -> new LaneLayout(8, List.of(0)).laneOf(key) >= 2)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aLayoutThatAloneIsLostFollowsTheLanesThatHoldCalls() {
        twoLanes();
        QueueSite old = note(engine("produce-only", 8));
        String key = keyWhoseLaneChanges();
        call(old, key, 1);

        redis.cli("DEL", LAYOUT);
        int before = length(new LaneLayout(2, List.of(0)).laneOf(key));
        call(note(engine("produce-only", 8)), key, 2);

        assertEquals("2", lanes());
        assertEquals(before + 1, length(new LaneLayout(2, List.of(0)).laneOf(key)));
    }

    @Test
    void consumersTakeTheNewLanes() {
        twoLanes();
        TestEngine consuming = engine("consume", 8);
        note(consuming);
        awaitNotes(1);

        redis.cli("EVAL", "redis.call('FLUSHALL') redis.call('HSET', KEYS[1], 'v', '4', 'layout', '8:0')", "1", LAYOUT);
        QueueSite young = note(engine("produce-only", 8));
        for (int i = 0; i < 40; i++) {
            call(young, "k" + i, i);
        }

        awaitNotes(41);
        assertEquals("8", lanes());
    }

    // ---- counters ----

    private void fill(QueueEngine.Site site, int calls) {
        for (int i = 0; i < calls; i++) {
            call(site, "k" + i, ++filled);
        }
    }

    private static void assertFull(QueueEngine.Site site) {
        assertEquals(
                Failure.QUEUE_FULL,
                assertThrows(FloodlockFailure.class, () -> call(site, "more", 0))
                        .kind());
    }

    @Test
    void lostCallsAreNotUnfinished() {
        QueueSite site = note(engine("produce-only", 2), true);
        fill(site, 100);
        assertFull(site);

        redis.cli("FLUSHALL");

        fill(site, 100);
        assertFull(site);
    }

    @Test
    void afterALossOnlyTheCallThatRunsIsUnfinished() {
        QueueSite site = note(engine("produce-only", 1));
        TestEngine first = engine("consume", 1);
        note(first);
        for (int i = 0; i < 5; i++) {
            fill(site, 60);
            awaitNotes(60 * (i + 1));
        }
        first.close();
        engines.remove(first);

        redis.cli("FLUSHALL");
        note(engine("consume", 1));

        call(site, "held", 1);
        fill(site, 60);
        awaitNotes(360);
        fill(site, 60);
        Bodies.gate.countDown();
        awaitNotes(421);
    }

    @Test
    void aProducerThatTheOwnerHasForgottenIsNotFull() {
        QueueSite site = note(engine("produce-only", 1));
        TestEngine first = engine("consume", 1);
        note(first);
        for (int i = 0; i < 5; i++) {
            fill(site, 60);
            awaitNotes(60 * (i + 1));
        }
        first.close();
        engines.remove(first);
        String identities = "floodlock:{default:stream:0}:q:0:identities";
        String session = redis.cli("HKEYS", identities).strip();
        long hoursAgo = System.currentTimeMillis() - 7_200_000;
        redis.cli(
                "HSET",
                identities,
                session,
                redis.cli("HGET", identities, session).split(" ")[0] + " " + hoursAgo);
        note(engine("consume", 1));
        Await.until(
                "the session to be forgotten",
                LIMIT,
                () -> redis.cli("EXISTS", identities).strip().equals("0"));

        call(site, "held", 1);
        fill(site, 60);
        awaitNotes(360);
        fill(site, 60);
        Bodies.gate.countDown();
        awaitNotes(421);
    }

    @Test
    void countersThatWereChangedAgreeAgainOnceALaneIsEmpty() {
        QueueSite site = note(engine("consume", 1));
        fill(site, 50);
        awaitNotes(50);
        redis.cli("HINCRBY", "floodlock:{default:stream:0}:q:state", "sent", "80");

        fill(site, 10);
        awaitNotes(60);

        Await.until("room", LIMIT, () -> {
            try {
                fill(site, 30);
                return true;
            } catch (FloodlockFailure e) {
                return false;
            }
        });
    }
}
