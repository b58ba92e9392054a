package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that return before Redis has them. */
@Timeout(120)
class AsyncIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    static final class Bodies {
        static volatile QueueEngine.Site site;
        static final ConcurrentLinkedQueue<Integer> notes = new ConcurrentLinkedQueue<>();

        @SuppressWarnings("unchecked")
        static CompletableFuture<Integer> note(String key, int number) {
            Object[] stored = (Object[]) site.enter(null, new Object[] {key, number});
            if (stored != null) {
                return (CompletableFuture<Integer>) stored[0];
            }
            notes.add(number);
            site.left(null);
            return CompletableFuture.completedFuture(number);
        }
    }

    private final List<AutoCloseable> open = new ArrayList<>();
    private RedisServer redis;

    @BeforeEach
    void fresh() {
        redis = RedisServer.start("appendonly yes", "appendfsync always");
        open.add(redis);
        Bodies.notes.clear();
    }

    private TestEngine engine(String mode, boolean reject) {
        TestEngine made = new TestEngine(redis.url(), "queue.mode", mode);
        open.add(made);
        Bodies.site = made.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.key = (self, arguments) -> (String) arguments[0];
            s.async = true;
            s.reject = reject;
            s.waitTime = Duration.ofSeconds(2);
            return s;
        });
        return made;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private static void awaitNotes(int count) {
        Await.until(() -> count + " bodies, not " + Bodies.notes.size(), LIMIT, () -> Bodies.notes.size() >= count);
        assertEquals(IntStream.range(0, count).boxed().toList(), List.copyOf(Bodies.notes));
    }

    @Test
    void callsOfAKeyRunInTheOrderInWhichTheyWereMade() throws Exception {
        engine("consume", false);
        // a cold JVM may need longer to connect than a call waits for room
        CompletableFuture<Integer> last = Bodies.note("a", 0);
        assertEquals(0, last.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        for (int i = 1; i < 20_000; i++) {
            last = Bodies.note("a", i);
        }
        assertEquals(19_999, last.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        awaitNotes(20_000);
    }

    @Test
    void aCallDoesNotWaitForRedis() throws Exception {
        TestEngine engine = engine("consume", false);
        Bodies.note("a", 0);
        // also its end is stored: else it may run again, as the guarantee says
        assertEquals(0, engine.queues.awaitIdle("q", LIMIT));
        redis.kill();
        // longer than the wait time of a call that waits for Redis
        for (int i = 1; i < 100; i++) {
            Bodies.note("a", i);
        }
        Await.until(
                "the lanes are lost",
                LIMIT,
                () -> engine.queues.consumers().stream()
                        .allMatch(each -> each.owned().isEmpty()));
        redis.restart();
        awaitNotes(100);
    }

    @Test
    void theMemoryIsBounded() {
        engine("produce-only", true);
        Bodies.note("a", 0);
        Await.until(
                "Redis has the first call", LIMIT, () -> redis.cli("KEYS", "*").contains("{"));
        redis.pause();
        try {
            FloodlockFailure full = assertThrows(FloodlockFailure.class, () -> {
                for (int i = 0; i < 20_000; i++) {
                    Bodies.note("a", i);
                }
            });
            assertEquals(Failure.QUEUE_FULL, full.kind());
            assertTrue(full.getMessage().contains("16384 calls"), full.getMessage());
        } finally {
            redis.resume();
        }
    }

    @Test
    void aJvmThatEndsSendsWhatItHas() {
        TestEngine engine = engine("produce-only", false);
        for (int i = 0; i < 10_000; i++) {
            Bodies.note("a", i);
        }
        engine.queues.close();
        engine("consume", false);
        awaitNotes(10_000);
    }
}
