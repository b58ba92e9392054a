package io.floodlock.examples.bench.weave;

import io.floodlock.PessimisticLock;

/** One method twice, woven and not, and a loop around each. Loaded by a loader of its own, so that it is woven. */
public final class Calls {

    private Calls() {}

    /** So many direct calls; answers their results, so that none can be left out. */
    public static long direct(long calls) {
        long sum = 1;
        for (long i = 0; i < calls; i++) {
            sum ^= plain(i, "text");
        }
        return sum;
    }

    /** So many calls of the woven method. */
    public static long woven(long calls) {
        long sum = 1;
        for (long i = 0; i < calls; i++) {
            sum ^= locked(i, "text");
        }
        return sum;
    }

    /** Each call waits for the one before: the most that boxing an argument can cost. */
    public static long directChain(long calls) {
        long value = 1;
        for (long i = 0; i < calls; i++) {
            value = plain(value, "text");
        }
        return value;
    }

    /** As {@link #directChain} with the woven method. */
    public static long wovenChain(long calls) {
        long value = 1;
        for (long i = 0; i < calls; i++) {
            value = locked(value, "text");
        }
        return value;
    }

    private static long plain(long value, String text) {
        long mixed = value ^ value << 13;
        mixed ^= mixed >>> 7;
        return mixed + text.length();
    }

    @PessimisticLock(key = "order:{value}")
    private static long locked(long value, String text) {
        long mixed = value ^ value << 13;
        mixed ^= mixed >>> 7;
        return mixed + text.length();
    }
}
