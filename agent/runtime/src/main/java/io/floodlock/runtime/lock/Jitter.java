package io.floodlock.runtime.lock;

import java.util.concurrent.ThreadLocalRandom;

/** Spreads what many JVMs would do at one moment. */
final class Jitter {

    private Jitter() {}

    /** From three quarters to five quarters of so many nanoseconds. */
    static long around(long nanos) {
        return nanos * 3 / 4 + ThreadLocalRandom.current().nextLong(nanos / 2);
    }
}
