package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.payload.ArgumentsCodec;
import io.floodlock.runtime.queue.payload.PayloadMapper;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.redis.RedisCallStore;
import io.floodlock.runtime.queue.store.Appender;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.queue.store.OutgoingEntry;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisCluster;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A queue that gets another number of lanes. */
@Timeout(180)
class LaneChangeIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String HASH = "floodlock:{default:queue:q}";

    static final class Bodies {
        /** By key, what has run. */
        static final Map<String, ConcurrentLinkedQueue<Integer>> notes = new ConcurrentHashMap<>();

        static volatile CountDownLatch gate = new CountDownLatch(0);

        volatile QueueEngine.Site site;

        void note(String key, int number) throws InterruptedException {
            if (site.enter(this, new Object[] {key, number}) == null) {
                if (key.equals("held")) {
                    gate.await();
                }
                notes.computeIfAbsent(key, any -> new ConcurrentLinkedQueue<>()).add(number);
                site.left(null);
            }
        }
    }

    private final List<AutoCloseable> open = new ArrayList<>();
    private RedisServer redis;

    @BeforeEach
    void fresh() {
        redis = RedisServer.start("appendonly yes", "appendfsync always");
        open.add(redis);
        Bodies.notes.clear();
        Bodies.gate = new CountDownLatch(0);
    }

    @AfterEach
    void closeAll() throws Exception {
        Bodies.gate.countDown();
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private TestEngine engine(String url, Bodies target, String mode) {
        TestEngine made = new TestEngine(url, "queue.mode", mode);
        open.add(made);
        target.site = made.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.key = (self, arguments) -> (String) arguments[0];
            return s;
        });
        made.queues.constructed(target);
        return made;
    }

    @Test
    void callsUnderLoadKeepTheirOrder() throws Exception {
        underLoad(redis.url());
    }

    @Test
    void callsUnderLoadKeepTheirOrderOnACluster() throws Exception {
        RedisCluster cluster = RedisCluster.start(3, 0);
        open.add(cluster);
        underLoad(cluster.url());
    }

    private void underLoad(String url) throws Exception {
        List<Bodies> targets = List.of(new Bodies(), new Bodies());
        List<TestEngine> engines = new ArrayList<>();
        for (Bodies target : targets) {
            engines.add(engine(url, target, "consume"));
        }
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService callers = Executors.newFixedThreadPool(8);
        open.add(callers::shutdownNow);
        List<Future<Integer>> running = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
            String key = "key" + caller;
            int of = caller;
            running.add(callers.submit(() -> {
                int number = 0;
                while (!ended.get()) {
                    // a JVM after the other, so that both store calls of the key
                    targets.get((of + number) % 2).note(key, number++);
                }
                return number;
            }));
        }
        int before = 4;
        for (int lanes : new int[] {7, 2, 16}) {
            awaitMore(200);
            assertEquals(before, engines.get(lanes % 2).queues.changeLanes("q", lanes));
            before = lanes;
            Await.until("the former lanes are empty", LIMIT, () -> former(engines.get(0)) == null);
        }
        awaitMore(200);
        ended.set(true);
        for (int caller = 0; caller < 8; caller++) {
            int made = running.get(caller).get();
            String key = "key" + caller;
            Await.until(
                    () -> made + " calls, not " + Bodies.notes.get(key).size(),
                    LIMIT,
                    () -> Bodies.notes.get(key).size() >= made);
            assertEquals(IntStream.range(0, made).boxed().toList(), List.copyOf(Bodies.notes.get(key)));
        }
        assertEquals(0, engines.get(0).queues.awaitIdle("q", LIMIT));
    }

    private static void awaitMore(int calls) {
        int before = all();
        Await.until("more calls have run", LIMIT, () -> all() >= before + calls);
    }

    private static int all() {
        return Bodies.notes.values().stream()
                .mapToInt(ConcurrentLinkedQueue::size)
                .sum();
    }

    private static LaneLayout former(TestEngine engine) {
        CallStore store = store(engine);
        return store.await(store.layouts(), LIMIT).former();
    }

    private static CallStore store(TestEngine engine) {
        return new RedisCallStore(() -> engine.redis, "default", "q", 4);
    }

    @Test
    void callsThatWereStoredRunFirst() throws Exception {
        Bodies.gate = new CountDownLatch(1);
        Bodies target = new Bodies();
        TestEngine engine = engine(redis.url(), target, "consume");
        target.note("held", 1);
        for (int i = 0; i < 100; i++) {
            target.note("other", i);
        }
        engine.queues.changeLanes("q", 8);
        target.note("held", 2);
        for (int i = 100; i < 200; i++) {
            target.note("other", i);
        }
        Await.until("the first ones have run", LIMIT, () -> count("other") == 100);
        FloodlockFailure busy = assertThrows(FloodlockFailure.class, () -> engine.queues.changeLanes("q", 3));
        assertTrue(busy.getMessage().contains("can't be changed now"), busy.getMessage());
        // with a beat of this JVM
        engine(redis.url(), new Bodies(), "consume");
        assertEquals(100, count("other"));
        assertEquals(102, engine.queues.awaitIdle("q", Duration.ofSeconds(2)));

        Bodies.gate.countDown();
        assertEquals(0, engine.queues.awaitIdle("q", LIMIT));
        assertEquals(List.of(1, 2), List.copyOf(Bodies.notes.get("held")));
        assertEquals(IntStream.range(0, 200).boxed().toList(), List.copyOf(Bodies.notes.get("other")));
        assertEquals("0", redis.cli("HEXISTS", HASH, "former"));
        assertEquals(8, store(engine).await(store(engine).prepare(), LIMIT).lanes());
    }

    private static int count(String key) {
        return Bodies.notes.getOrDefault(key, new ConcurrentLinkedQueue<>()).size();
    }

    /** The JVM that begins a change is killed after each of its steps. */
    @Test
    void anyJvmGoesOnWithAChange() throws Exception {
        for (String step : new String[] {"begun", "sealed"}) {
            redis.cli("FLUSHALL");
            Bodies.notes.clear();
            Bodies target = new Bodies();
            TestEngine engine = engine(redis.url(), target, "consume");
            target.note("key", 1);
            redis.cli("HSET", HASH, "next", "8:16");
            if (step.equals("sealed")) {
                redis.cli("HSET", "floodlock:{default:stream:0}:q:state", "next", "8:16");
            }
            target.note("key", 2);
            TestEngine next = engine(redis.url(), new Bodies(), "consume");
            assertEquals(0, next.queues.awaitIdle("q", LIMIT));
            assertEquals(8, store(next).await(store(next).prepare(), LIMIT).lanes(), step);
            assertEquals(List.of(1, 2), List.copyOf(Bodies.notes.get("key")), step);
            engine.close();
            next.close();
        }
    }

    /** The hash is lost while calls of the former layout are left. */
    @Test
    void aLostHashIsFoundAgainByTheStreams() throws Exception {
        Bodies target = new Bodies();
        TestEngine producer = engine(redis.url(), target, "produce-only");
        target.note("key", 1);
        producer.queues.changeLanes("q", 8);
        target.note("key", 2);
        producer.close();
        redis.cli("DEL", HASH);

        Bodies other = new Bodies();
        TestEngine engine = engine(redis.url(), other, "consume");
        other.note("key", 3);
        assertEquals(0, engine.queues.awaitIdle("q", LIMIT));
        assertEquals(List.of(1, 2, 3), List.copyOf(Bodies.notes.get("key")));
        assertEquals(8, store(engine).await(store(engine).prepare(), LIMIT).lanes());
    }

    /** An outbox sends calls again that it does not know to be stored. */
    @Test
    void theNewLanesKnowWhatNumberedSessionsHadReached() throws Exception {
        Bodies target = new Bodies();
        TestEngine engine = engine(redis.url(), target, "consume");
        CallStore store = store(engine);
        UUID source = UUID.nameUUIDFromBytes("a table".getBytes(StandardCharsets.UTF_8));
        byte[][] payloads = new byte[3][];
        ArgumentsCodec codec = new ArgumentsCodec(
                Bodies.class.getDeclaredMethod("note", String.class, int.class), PayloadMapper.create());
        for (int i = 0; i < 3; i++) {
            payloads[i] = codec.encode(new Object[] {"row", i});
        }
        send(store, source, 1, payloads[0], payloads[1]);
        assertEquals(0, engine.queues.awaitIdle("q", LIMIT));
        engine.queues.changeLanes("q", 8);
        Await.until("the change has ended", LIMIT, () -> former(engine) == null);
        send(store, source, 1, payloads);
        assertEquals(0, engine.queues.awaitIdle("q", LIMIT));
        assertEquals(List.of(0, 1, 2), List.copyOf(Bodies.notes.get("row")));
    }

    private static void send(CallStore store, UUID source, long number, byte[]... payloads) {
        LaneLayout layout = store.await(store.prepare(), LIMIT);
        int lane = layout.laneOf("row");
        List<CallRecord> calls = new ArrayList<>();
        for (byte[] payload : payloads) {
            calls.add(new CallRecord("note", "row", false, payload));
        }
        EntryRecord entry = new EntryRecord(source, number, List.of(new EntryRecord.Section(lane, 0, calls)));
        Appender.Answer answer = store.await(
                store.appender().append(layout, layout.streamOf(lane), OutgoingEntry.of(entry), List.of()), LIMIT);
        assertEquals(Appender.Outcome.STORED, answer.outcome());
    }
}
