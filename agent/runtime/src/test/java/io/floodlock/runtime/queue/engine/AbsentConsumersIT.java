package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.redis.RedisCallStore;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.tx.engine.LogLines;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AbsentConsumersIT {

    private final RedisServer redis = RedisServer.start();
    private final TestEngine engine = new TestEngine(redis.url());
    private final LogLines log = new LogLines();
    private final AbsentConsumers absent = new AbsentConsumers(log.stallLog());
    private final CallStore store = new RedisCallStore(() -> engine.redis, "default", "orders", 4);
    private final UUID consumer = UUID.randomUUID();
    private long unfinished = 1;

    @BeforeEach
    void prepare() {
        store.prepare().join();
    }

    @AfterEach
    void close() {
        engine.close();
        redis.close();
    }

    private void look() {
        absent.look("orders", store, () -> unfinished);
    }

    private void announce(Duration valid) {
        store.consumers().announce(consumer, valid, "", store.known()).join();
    }

    @Test
    void callsThatNobodyConsumesAreNamedOnceAndAgainWhenSomebodyDoes() {
        look();
        assertEquals(List.of(), log.written(), "its consumer may be starting");
        look();
        look();
        assertEquals(1, log.written().size(), log.written()::toString);
        assertTrue(
                log.written()
                        .get(0)
                        .startsWith("WARN Queue orders is stalled: calls wait in it, and no JVM consumes it. Start a"),
                log.written()::toString);
        announce(Duration.ofMinutes(1));
        look();
        look();
        assertEquals(2, log.written().size(), log.written()::toString);
        assertTrue(log.written().get(1).startsWith("INFO Queue orders continues after "), log.written()::toString);
        announce(Duration.ZERO);
        look();
        look();
        assertEquals(3, log.written().size(), log.written()::toString);
    }

    @Test
    void aQueueWithoutCallsNeedsNoConsumer() {
        unfinished = 0;
        look();
        look();
        assertEquals(List.of(), log.written());
    }

    @Test
    void aConsumerOfThisJvmEndsTheStall() {
        look();
        look();
        absent.consumed("orders");
        assertTrue(log.written().get(1).startsWith("INFO Queue orders continues after "), log.written()::toString);
    }
}
