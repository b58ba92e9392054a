package io.floodlock.runtime.time;

import java.util.concurrent.ThreadLocalRandom;

/** Spreads what many JVMs would do at one moment. */
public final class Jitter {

    private Jitter() {}

    /** From three quarters to five quarters of so many nanoseconds. */
    public static long around(long nanos) {
        return nanos * 3 / 4 + ThreadLocalRandom.current().nextLong(nanos / 2);
    }
}
