package io.floodlock.examples.bench;

import io.floodlock.Queued;
import java.util.concurrent.atomic.LongAdder;

/** A queued method whose body only counts; the agent weaves it. */
final class QueuedWork {

    static final LongAdder DONE = new LongAdder();

    private QueuedWork() {}

    @Queued(queue = "bench", name = "accept", waitTime = "1m")
    static void accept(byte[] payload) {
        DONE.increment();
    }
}
