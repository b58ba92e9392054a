package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.method.QueueSite;
import io.floodlock.runtime.queue.redis.RedisLaneFeed;
import io.floodlock.runtime.queue.store.LaneFeed;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneFeedIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String OWNER = "floodlock:{default:stream:0}:q:0:owner";

    static final class Bodies {
        static final ConcurrentLinkedQueue<Integer> notes = new ConcurrentLinkedQueue<>();
        static volatile QueueSite site;

        static void note(int number) {
            if (site.enter(null, new Object[] {number}) == null) {
                notes.add(number);
            }
        }
    }

    private static long epoch(RedisServer redis) {
        String epoch = redis.cli("HGET", OWNER, "epoch").strip();
        return epoch.matches("\\d+") ? Long.parseLong(epoch) : 0;
    }

    @Test
    void anErrorGivesTheLanesUpAndTheReaderGoesOn() {
        try (RedisServer redis = RedisServer.start();
                TestEngine engine = new TestEngine(redis.url(), "queue.lanes", "1")) {
            Bodies.site = (QueueSite) engine.register(MethodHandles.lookup(), Bodies.class, "note", s -> s);
            Bodies.note(1);
            Await.until("the body", LIMIT, () -> Bodies.notes.contains(1));
            long before = epoch(redis);
            assertTrue(before > 0);
            AtomicInteger looks = new AtomicInteger();

            LaneFeed failing = new RedisLaneFeed(engine.redis, "default", UUID.randomUUID(), () -> {
                if (looks.getAndIncrement() == 0) {
                    throw new OutOfMemoryError("injected");
                }
                return List.copyOf(engine.queues.consumers());
            });
            failing.start();
            try {
                Await.until("another ownership", LIMIT, () -> epoch(redis) > before);
                Await.until("the failed reader to go on", LIMIT, () -> looks.get() > 3);
                Bodies.note(2);
                Await.until("the next body", LIMIT, () -> Bodies.notes.contains(2));
            } finally {
                failing.close();
            }
        }
    }
}
