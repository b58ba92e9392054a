package io.floodlock.runtime.lock.redis;

/**
 * The grants whose releases Redis acknowledged last, with the time of each, in a ring. Guarded by the mutex of
 * {@code PendingReleases}, which uses it.
 */
final class AcknowledgedGrants {

    /**
     * How many are remembered. More than a moment produces would waste memory; fewer cost an unnecessary call now and
     * then.
     */
    private static final int LAST = 64;

    private final long[] grants = new long[LAST];
    private final long[] nanos = new long[LAST];
    private int next;

    void add(long grant, long now) {
        grants[next] = grant;
        nanos[next] = now;
        next = (next + 1) % LAST;
    }

    /** Whether the grant's release was acknowledged less than {@code span} nanoseconds before {@code now}. */
    boolean within(long span, long grant, long now) {
        for (int i = 0; i < LAST; i++) {
            if (grants[i] == grant) {
                return now - nanos[i] < span;
            }
        }
        return false;
    }
}
