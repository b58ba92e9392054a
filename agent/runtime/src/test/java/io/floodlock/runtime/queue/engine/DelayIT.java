package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that run later. */
@Timeout(120)
class DelayIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    static final class Bodies {
        static volatile QueueEngine.Site later;
        static volatile QueueEngine.Site now;

        /** How long each delayed call had waited, in ms. */
        static final ConcurrentLinkedQueue<Long> waited = new ConcurrentLinkedQueue<>();

        static final ConcurrentLinkedQueue<Long> plain = new ConcurrentLinkedQueue<>();

        static void later(long made) {
            if (later.enter(null, new Object[] {made}) == null) {
                waited.add(System.currentTimeMillis() - made);
                later.left(null);
            }
        }

        static void now(long made) {
            if (now.enter(null, new Object[] {made}) == null) {
                plain.add(made);
                now.left(null);
            }
        }
    }

    private final List<AutoCloseable> open = new ArrayList<>();
    private RedisServer redis;

    @BeforeEach
    void fresh() {
        redis = RedisServer.start("appendonly yes", "appendfsync always");
        open.add(redis);
        Bodies.waited.clear();
        Bodies.plain.clear();
    }

    private TestEngine engine(String mode, Duration delay) {
        TestEngine made = new TestEngine(redis.url(), "queue.mode", mode, "queue.lanes", "1");
        open.add(made);
        Bodies.later = made.register(MethodHandles.lookup(), Bodies.class, "later", s -> {
            s.delay = delay;
            return s;
        });
        Bodies.now = made.register(MethodHandles.lookup(), Bodies.class, "now", s -> s);
        return made;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    /** More than a lane holds in memory, so that they leave the stream. */
    @Test
    void theyRunWhenTheyAreDueAndDelayNoOthers() throws Exception {
        engine("consume", Duration.ofSeconds(4));
        for (int i = 0; i < 6_000; i++) {
            Bodies.later(System.currentTimeMillis());
        }
        Bodies.now(1);
        Await.until("the other call has run", LIMIT, () -> Bodies.plain.size() == 1);
        Await.until(() -> "6000 calls, not " + Bodies.waited.size(), LIMIT, () -> Bodies.waited.size() == 6_000);
        assertTrue(
                Bodies.waited.stream().allMatch(waited -> waited >= 4_000),
                () -> "waited " + Bodies.waited.stream().sorted().limit(5).toList() + " ms");
    }

    @Test
    void anotherJvmRunsThemWhenTheyAreDue() throws Exception {
        TestEngine first = engine("consume", Duration.ofSeconds(3));
        for (int i = 0; i < 200; i++) {
            Bodies.later(System.currentTimeMillis());
        }
        Await.until("a later call has run", LIMIT, () -> {
            Bodies.now(1);
            return !Bodies.plain.isEmpty();
        });
        first.queues.close();
        assertEquals(0, Bodies.waited.size());
        engine("consume", Duration.ofSeconds(3));
        Await.until(() -> "200 calls, not " + Bodies.waited.size(), LIMIT, () -> Bodies.waited.size() == 200);
        assertTrue(Bodies.waited.stream().allMatch(waited -> waited >= TimeUnit.SECONDS.toMillis(3)));
    }
}
