package io.floodlock.examples.bench;

import io.floodlock.Queued;
import java.util.concurrent.atomic.LongAdder;

/** A body that only counts, woven by the agent. */
final class QueuedWork {

    static final LongAdder DONE = new LongAdder();

    private QueuedWork() {}

    @Queued(queue = "bench", name = "accept", waitTime = "1m")
    static void accept(byte[] payload) {
        DONE.increment();
    }
}
