package io.floodlock.runtime.queue.outbox;

import io.floodlock.runtime.event.StallLog;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The batches whose transactions are open. It reports the calls that wait for long: a connection that is neither
 * committed, rolled back nor closed keeps them for ever. Thread-safe.
 */
final class OpenBatches {

    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final StallLog stalls;
    private final LongSupplier nanoTime;
    private final Map<OutboxBatch, Opened> open = new ConcurrentHashMap<>();

    private record Opened(String subject, long at) {}

    OpenBatches(StallLog stalls, LongSupplier nanoTime) {
        this.stalls = stalls;
        this.nanoTime = nanoTime;
    }

    void opened(OutboxBatch batch, String queue) {
        String subject = "The storing of calls for queue " + queue + " that thread "
                + Thread.currentThread().getName() + " made in a transaction";
        open.put(batch, new Opened(subject, nanoTime.getAsLong()));
    }

    void ended(OutboxBatch batch) {
        Opened ended = open.remove(batch);
        if (ended != null) {
            stalls.resumed(ended.subject);
        }
    }

    /** Reports batches that are open for long; to be called every few seconds. */
    void look() {
        for (Opened one : open.values()) {
            if (nanoTime.getAsLong() - one.at > LONG_NANOS) {
                stalls.stalled(
                        one.subject,
                        "that transaction is still open",
                        "They are stored when it commits; end it, or make the calls outside");
            }
        }
    }
}
