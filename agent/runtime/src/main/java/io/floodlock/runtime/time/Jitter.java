package io.floodlock.runtime.time;

import java.util.concurrent.ThreadLocalRandom;

/** Randomizes pauses, so that many JVMs do not act at the same moment. Thread-safe. */
public final class Jitter {

    private Jitter() {}

    /** A random duration from three quarters to five quarters of {@code nanos}. */
    public static long around(long nanos) {
        return nanos * 3 / 4 + ThreadLocalRandom.current().nextLong(nanos / 2);
    }
}
