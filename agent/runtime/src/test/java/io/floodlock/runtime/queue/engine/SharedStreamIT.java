package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.lane.Lane;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lanes that share a stream: none of them keeps it from being trimmed for long, whatever its calls do. */
@Timeout(180)
class SharedStreamIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int LANES = 4;
    private static final String STREAM = "floodlock:{default:stream:0}:q:calls";

    /** With so many large calls a stream is larger than a lane may keep. */
    private static final int MANY = 500;

    private static final String LARGE = "x".repeat(60_000);
    private static RedisServer redis;

    static final class Bodies {
        static final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
        static volatile CountDownLatch gate = new CountDownLatch(1);
        static volatile QueueEngine.Site site;

        static void note(String key, int number, String text) throws InterruptedException {
            if (site.enter(null, new Object[] {key, number, text}) != null) {
                return;
            }
            if (key.startsWith("held")) {
                gate.await();
            }
            notes.add(key + ":" + number);
        }
    }

    /** The method as a second JVM has it. */
    static final class Other {
        static volatile QueueEngine.Site site;

        static void note(String key, int number, String text) {
            if (site.enter(null, new Object[] {key, number, text}) == null) {
                Bodies.notes.add(key + ":" + number);
            }
        }
    }

    private final List<TestEngine> engines = new ArrayList<>();

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
        Bodies.gate = new CountDownLatch(1);
    }

    @AfterEach
    void closeEngines() {
        Bodies.gate.countDown();
        engines.forEach(TestEngine::close);
    }

    private TestEngine engine() {
        TestEngine engine = new TestEngine(redis.url(), "queue.lanes", Integer.toString(LANES));
        engines.add(engine);
        return engine;
    }

    private static QueueEngine.Site note(TestEngine engine, Class<?> owner, int workers) {
        return engine.register(MethodHandles.lookup(), owner, "note", s -> {
            s.name = "note";
            s.key = (self, arguments) -> String.valueOf(arguments[0]);
            s.workers = workers;
            return s;
        });
    }

    /** Different keys of one lane. */
    private static String key(String prefix, int lane, int number) {
        int found = 0;
        for (int i = 0; ; i++) {
            if (new LaneLayout(LANES, List.of(0)).laneOf(prefix + i) == lane && found++ == number) {
                return prefix + i;
            }
        }
    }

    private static long length() {
        return Long.parseLong(redis.cli("XLEN", STREAM).strip());
    }

    private static void large(int count) throws InterruptedException {
        String key = key("large", 1, 0);
        for (int i = 0; i < count; i++) {
            Bodies.note(key, i, LARGE);
        }
        Await.until(
                () -> "all large calls, not " + Bodies.notes.size(),
                LIMIT,
                () -> Bodies.notes.stream()
                                .filter(note -> note.startsWith("large"))
                                .count()
                        == count);
    }

    private static void assertOrdered(int calls) {
        Map<String, Integer> last = new ConcurrentHashMap<>();
        for (String note : Bodies.notes) {
            String[] parts = note.split(":");
            Integer before = last.put(parts[0], Integer.parseInt(parts[1]));
            assertTrue(before == null || before < Integer.parseInt(parts[1]), () -> "order of " + parts[0]);
        }
        assertEquals(calls, Bodies.notes.stream().distinct().count());
        assertEquals(calls, Bodies.notes.size());
    }

    @Test
    void aBodyThatHangsKeepsNoEntries() throws Exception {
        Bodies.site = note(engine(), Bodies.class, 4);
        Bodies.note(key("held", 0, 0), 0, "");
        Bodies.note(key("held", 0, 0), 1, "");

        large(MANY);

        Await.until(() -> "few entries, not " + length(), LIMIT, () -> length() < MANY * 2 / 3);
        assertEquals(
                0, Bodies.notes.stream().filter(note -> note.startsWith("held")).count());
        Bodies.gate.countDown();
        Await.until("all", LIMIT, () -> Bodies.notes.size() == MANY + 2);
        Await.until(() -> "an empty stream, not " + length(), LIMIT, () -> length() == 0);
        assertOrdered(MANY + 2);
    }

    /** All workers but one wait for the calls of one lane, so its window stays full. */
    @Test
    void aLaneWithAFullWindowKeepsNoEntries() throws Exception {
        Bodies.site = note(engine(), Bodies.class, 4);
        int held = Lane.WINDOW_CALLS + 300;
        List<Thread> callers = new ArrayList<>();
        String[] keys = {key("held", 0, 0), key("held", 0, 1), key("held", 0, 2)};
        for (String key : keys) {
            Thread caller = new Thread(() -> {
                try {
                    for (int i = 0; i < held / keys.length; i++) {
                        Bodies.note(key, i, "");
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            caller.start();
            callers.add(caller);
        }
        for (Thread caller : callers) {
            caller.join();
        }

        large(MANY);

        Await.until(() -> "few entries, not " + length(), LIMIT, () -> length() < MANY * 2 / 3);
        Bodies.gate.countDown();
        int all = held / keys.length * keys.length + MANY;
        Await.until(() -> "all, not " + Bodies.notes.size(), LIMIT, () -> Bodies.notes.size() == all);
        Await.until(() -> "an empty stream, not " + length(), LIMIT, () -> length() == 0);
        assertOrdered(all);
    }

    @Test
    void lanesWithoutCallsOfAnotherOwnerKeepNoEntries() throws Exception {
        Bodies.site = note(engine(), Bodies.class, 4);
        Other.site = note(engine(), Other.class, 4);
        Await.until("both to own lanes", LIMIT, () -> engines.stream().allMatch(one -> owned(one) == LANES / 2));

        for (int i = 0; i < 100; i++) {
            Bodies.note("a", i, "");
        }

        Await.until("all", LIMIT, () -> Bodies.notes.size() == 100);
        Await.until(() -> "an empty stream, not " + length(), LIMIT, () -> length() == 0);
    }

    private static int owned(TestEngine engine) {
        return engine.queues.consumers().stream()
                .mapToInt(consumer -> consumer.owned().size())
                .sum();
    }
}
