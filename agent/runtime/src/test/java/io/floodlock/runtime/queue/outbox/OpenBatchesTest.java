package io.floodlock.runtime.queue.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.tx.engine.LogLines;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Calls of a transaction that stays open are named in the log. */
class OpenBatchesTest {

    private final LogLines log = new LogLines();
    private final AtomicLong now = new AtomicLong();
    private final OpenBatches open = new OpenBatches(log.stallLog(), now::get);
    private final OutboxBatch batch = new OutboxBatch(null);

    @Test
    void aTransactionThatStaysOpenIsNamedOnceAndAtItsEnd() {
        open.opened(batch, "mails");
        now.addAndGet(TimeUnit.SECONDS.toNanos(5));
        open.look();
        assertEquals(List.of(), log.written());
        now.addAndGet(1);
        open.look();
        open.look();
        assertEquals(1, log.written().size(), log.written()::toString);
        String line = log.written().get(0);
        assertTrue(
                line.contains(
                        "for queue mails that thread " + Thread.currentThread().getName()),
                line);
        open.ended(batch);
        assertEquals(2, log.written().size(), log.written()::toString);
        open.look();
        assertEquals(2, log.written().size(), log.written()::toString);
    }

    @Test
    void aShortOneIsNot() {
        open.opened(batch, "mails");
        open.ended(batch);
        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        open.look();
        assertEquals(List.of(), log.written());
    }
}
