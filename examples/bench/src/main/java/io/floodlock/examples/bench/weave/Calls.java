package io.floodlock.examples.bench.weave;

import io.floodlock.PessimisticLock;

/**
 * The same method twice, woven and not woven, and a loop around each. A separate loader loads this class, so that it
 * is woven.
 */
public final class Calls {

    private Calls() {}

    /**
     * Makes this many direct calls. Returns a value that depends on all results, so that the compiler can't remove a
     * call.
     */
    public static long direct(long calls) {
        long sum = 1;
        for (long i = 0; i < calls; i++) {
            sum ^= plain(i, "text");
        }
        return sum;
    }

    /** Makes this many calls of the woven method. */
    public static long woven(long calls) {
        long sum = 1;
        for (long i = 0; i < calls; i++) {
            sum ^= locked(i, "text");
        }
        return sum;
    }

    /** Makes calls of which each depends on the result of the call before: the highest cost of boxing an argument. */
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
