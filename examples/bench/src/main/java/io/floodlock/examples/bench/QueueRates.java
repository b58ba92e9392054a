package io.floodlock.examples.bench;

import io.floodlock.examples.bench.queues.Arrivals;
import io.floodlock.examples.bench.queues.QueueKind;
import java.time.Duration;

/** Calls per second from end to end, where each caller waits until its call is stored. */
final class QueueRates {

    static final int BYTES = 200;

    /** A call that has not been consumed by then is lost. */
    private static final long LIMIT_NANOS = 60_000_000_000L;

    private QueueRates() {}

    /**
     * The calls stored within the time, divided by the time until all of them were consumed.
     *
     * @throws IllegalStateException if fewer or more calls were consumed than stored
     */
    static Sample endToEnd(QueueKind kind, int callers, Duration time) throws Exception {
        long before = kind.arrivals().count();
        byte[] payload = Arrivals.payload(BYTES);
        long begin = System.nanoTime();
        Sample stored = Load.run(callers, time, thread -> kind.send(payload));
        long calls = stored.nanos().getTotalCount();
        long limit = System.nanoTime() + LIMIT_NANOS;
        long consumed = kind.arrivals().count() - before;
        while (consumed < calls && System.nanoTime() - limit < 0) {
            Thread.sleep(1);
            consumed = kind.arrivals().count() - before;
        }
        if (consumed != calls) {
            throw new IllegalStateException(calls + " calls were stored and " + consumed + " consumed");
        }
        return new Sample(calls / ((System.nanoTime() - begin) / 1e9), stored.nanos());
    }
}
