package io.floodlock.runtime.queue.lane;

import java.util.concurrent.TimeUnit;

/**
 * Decides when a lane that another JVM is to own stops to start calls. The lane can move only while none of its calls
 * runs; until then it goes on, and it stops only when the rest is likely to be short. {@link Lane} has one while it is
 * being handed over. Guarded by its consumer's lock.
 *
 * <p>The lane stops when no body of it has run longer than the patience, and for no longer than the patience. If a body
 * takes longer, the lane is taken back: calls start again, and the next try comes ten times the patience later. So
 * a hand-over costs the lane at most a tenth of its time. The patience grows with the time since the request, up to
 * ten seconds: a lane of short bodies moves at once, one of long bodies when they leave a gap.
 */
final class HandOver {

    private static final long LEAST = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long MOST = TimeUnit.SECONDS.toNanos(10);

    private final long since;
    private long notBefore;

    /** @param now as all times here: nanoseconds, of one clock */
    HandOver(long now) {
        this.since = now;
        this.notBefore = now;
    }

    long patience(long now) {
        return Math.max(LEAST, Math.min(MOST, (now - since) / 8));
    }

    /**
     * Whether the lane should stop to start calls now.
     *
     * @param oldest when the oldest body that runs began; {@code now} if none runs
     */
    boolean mayStop(long now, long oldest) {
        return now - notBefore >= 0 && now - oldest <= patience(now);
    }

    void takenBack(long now) {
        notBefore = now + 9 * patience(now);
    }
}
