package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.consume.QueueConsumer;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that run while their JVM stops to consume, and what they leave in Redis. */
class QueueDrainIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static RedisServer redis;

    /** The methods under test, and what they saw. */
    static final class Bodies {
        static volatile QueueEngine.Site chainSite;
        static volatile QueueEngine.Site noteSite;

        static final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
        static volatile CountDownLatch gate;
        static volatile boolean fails;

        static void chain(int number) {
            if (chainSite.enter(null, new Object[] {number}) != null) {
                return;
            }
            notes.add("chain:" + number);
            await(gate);
            if (fails) {
                throw new IllegalStateException("the connection pool is closed");
            }
            note("from chain", number);
        }

        static void note(String key, int number) {
            if (noteSite.enter(null, new Object[] {key, number}) != null) {
                return;
            }
            notes.add(key + ":" + number);
        }

        private static void await(CountDownLatch gate) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
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

    @BeforeEach
    void fresh() {
        redis.cli("FLUSHALL");
        Bodies.notes.clear();
        Bodies.gate = new CountDownLatch(1);
        Bodies.fails = false;
    }

    @AfterEach
    void closeEngines() {
        Bodies.gate.countDown();
        engines.forEach(TestEngine::close);
    }

    private TestEngine engine(String... more) {
        TestEngine engine = new TestEngine(redis.url(), more);
        engines.add(engine);
        Bodies.chainSite = engine.register(MethodHandles.lookup(), Bodies.class, "chain", s -> {
            s.attempts = 1;
            return s;
        });
        Bodies.noteSite = engine.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.key = (self, arguments) -> String.valueOf(arguments[0]);
            return s;
        });
        return engine;
    }

    /** Starts a body, lets the engine stop around it, and then lets the body go on. */
    private void drainAround(TestEngine engine) throws InterruptedException {
        Bodies.chain(1);
        Await.until("the body", LIMIT, () -> Bodies.notes.contains("chain:1"));
        Thread closing = new Thread(engine::close);
        closing.start();
        Await.until("the drain", LIMIT, () -> engine.queues.consumers().stream().allMatch(QueueConsumer::isStopped));
        Bodies.gate.countDown();
        closing.join();
    }

    @Test
    void aBodyMayEnqueueUntilTheDrainIsOver() throws Exception {
        TestEngine first = engine();

        drainAround(first);

        assertEquals(List.of(), first.dead);
        // the control: afterwards this JVM stores nothing more
        FloodlockFailure refusal = assertThrows(FloodlockFailure.class, () -> Bodies.note("late", 1));
        assertEquals(Failure.UNAVAILABLE, refusal.kind());
        engine();
        Await.until("the call of the body", LIMIT, () -> Bodies.notes.contains("from chain:1"));
        assertEquals(List.of("chain:1", "from chain:1"), List.copyOf(Bodies.notes));
    }

    @Test
    void aFailureDuringTheDrainIsNoAttempt() throws Exception {
        Bodies.fails = true;
        TestEngine first = engine();

        drainAround(first);

        assertEquals(List.of(), first.dead);
        Bodies.fails = false;
        TestEngine second = engine();
        Await.until("the call to succeed", LIMIT, () -> Bodies.notes.contains("from chain:1"));
        assertEquals(List.of("chain:1", "chain:1", "from chain:1"), List.copyOf(Bodies.notes));
        // the control: at any other time it is the only attempt
        Bodies.fails = true;
        Bodies.chain(2);
        Await.until("the dead letter", LIMIT, () -> second.dead.size() == 1);
    }

    /** As the owner before left it: it announced the run of a parked call, and gave the lane up. */
    @Test
    void theRecordOfAnAnnouncedRunGoesWithItsCall() {
        TestEngine producing = engine("queue.mode", "produce-only", "queue.lanes", "1");
        Bodies.note("a", 1);
        String stream = redis.cli("KEYS", "*:calls").strip();
        String attempts = stream.replace(":calls", ":0:attempts");
        String call = new CallId(producing.queues.session(), 1, 0).toString();
        redis.cli("HSET", attempts, call, "0 0 1");

        engine("queue.lanes", "1");

        Await.until("the body", LIMIT, () -> Bodies.notes.contains("a:1"));
        Await.until(
                "no record", LIMIT, () -> redis.cli("EXISTS", attempts).strip().equals("0"));
    }
}
