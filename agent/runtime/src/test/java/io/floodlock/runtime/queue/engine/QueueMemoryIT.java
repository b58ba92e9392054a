package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.method.QueueSite;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Redis above maxmemory: new calls are refused by name, and consuming drains the queue. */
@Timeout(120)
class QueueMemoryIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final byte[] PAYLOAD = new byte[20_000];

    static final class Bodies {
        static volatile CountDownLatch gate = new CountDownLatch(1);
        static final AtomicInteger runs = new AtomicInteger();
        static volatile QueueSite consumed;

        static CompletableFuture<Integer> measure(int number, byte[] payload) throws InterruptedException {
            Object[] arguments = {number, payload};
            if (!consumed.isConsumed(arguments)) {
                throw new IllegalStateException("not called by a consumer");
            }
            gate.await();
            runs.incrementAndGet();
            return CompletableFuture.completedFuture(payload.length);
        }
    }

    private final List<TestEngine> engines = new ArrayList<>();

    @BeforeEach
    void fresh() {
        new Random(1).nextBytes(PAYLOAD);
        Bodies.gate = new CountDownLatch(1);
        Bodies.runs.set(0);
    }

    @AfterEach
    void closeEngines() {
        Bodies.gate.countDown();
        engines.forEach(TestEngine::close);
    }

    private TestEngine engine(RedisServer redis, String mode) {
        TestEngine engine = new TestEngine(redis.url(), "queue.mode", mode);
        engines.add(engine);
        return engine;
    }

    private static QueueSite measure(TestEngine engine) {
        return (QueueSite) engine.register(MethodHandles.lookup(), Bodies.class, "measure", s -> s);
    }

    /** Stores calls until Redis refuses one; returns the futures of the stored ones. */
    private static List<CompletableFuture<?>> fill(QueueSite site) {
        List<CompletableFuture<?>> stored = new ArrayList<>();
        while (true) {
            try {
                Object[] held = (Object[]) site.enter(null, new Object[] {stored.size(), PAYLOAD});
                stored.add((CompletableFuture<?>) held[0]);
            } catch (FloodlockFailure e) {
                assertEquals(Failure.UNAVAILABLE, e.kind());
                assertTrue(e.getMessage().contains("was not stored"), e.getMessage());
                assertTrue(e.getMessage().contains("is at maxmemory"), e.getMessage());
                assertTrue(e.getMessage().contains("Raise maxmemory"), e.getMessage());
                return stored;
            }
        }
    }

    /** Lowers the limit far below what is used, so that no small removal makes room. */
    private static void exceed(RedisServer redis) {
        redis.cli("CONFIG", "SET", "maxmemory", "4mb");
    }

    private static void drained(RedisServer redis, List<CompletableFuture<?>> stored) throws Exception {
        assertFalse(stored.isEmpty());
        for (CompletableFuture<?> one : stored) {
            assertEquals(PAYLOAD.length, one.get(60, TimeUnit.SECONDS));
        }
        Await.until(
                "an empty stream",
                LIMIT,
                () -> redis.cli("XLEN", "floodlock:{default:stream:0}:q:calls")
                        .strip()
                        .equals("0"));
    }

    @Test
    void anOwnerDrainsAFullRedis() throws Exception {
        try (RedisServer redis = RedisServer.start("maxmemory 24mb")) {
            drainByOwner(redis);
        }
    }

    @Test
    void theSameOnTheInstalledServer() throws Exception {
        Path installed = RedisServer.onPath()
                .orElseGet(() -> Assumptions.abort("no redis-server on the PATH: only the testkit's version is tried"));
        try (RedisServer redis = RedisServer.installed(installed, "maxmemory 24mb")) {
            drainByOwner(redis);
        }
    }

    private void drainByOwner(RedisServer redis) throws Exception {
        TestEngine consuming = engine(redis, "consume");
        Bodies.consumed = measure(consuming);
        Await.until("all lanes", LIMIT, () -> owned(consuming) == 4);
        List<CompletableFuture<?>> stored = fill(measure(engine(redis, "produce-only")));
        exceed(redis);

        Bodies.gate.countDown();

        drained(redis, stored);
        assertEquals(stored.size(), Bodies.runs.get());
    }

    @Test
    void aConsumerThatStartsThenDrainsItToo() throws Exception {
        try (RedisServer redis = RedisServer.start("maxmemory 24mb")) {
            List<CompletableFuture<?>> stored = fill(measure(engine(redis, "produce-only")));
            exceed(redis);
            Bodies.gate.countDown();

            Bodies.consumed = measure(engine(redis, "consume"));

            drained(redis, stored);
        }
    }

    private static int owned(TestEngine engine) {
        return engine.queues.consumers().stream()
                .mapToInt(consumer -> consumer.owned().size())
                .sum();
    }
}
