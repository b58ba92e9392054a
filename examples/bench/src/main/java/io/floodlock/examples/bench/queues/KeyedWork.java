package io.floodlock.examples.bench.queues;

import io.floodlock.Queued;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** A queued method with a key whose body takes its time; the agent weaves it. */
public final class KeyedWork {

    /** The number of bodies that have ended. */
    public static final LongAdder DONE = new LongAdder();

    private KeyedWork() {}

    @Queued(queue = "bench-keys", name = "pause", key = "{key}", waitTime = "1m", workers = 16)
    public static void pause(int key, int micros) {
        body(micros);
    }

    /** The same work without a queue. */
    public static void body(int micros) {
        LockSupport.parkNanos(micros * 1_000L);
        DONE.increment();
    }
}
