package io.floodlock.runtime.lock;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** This JVM's lease on one bucket. All that it holds there stands and falls with it. Thread-safe. */
final class Session {

    /*
     * LIVE      the last acknowledged renewal was sent less than (lease - margin) ago, by nano time and by wall clock.
     * DOUBTFUL  the wall clock says more: it jumped, or the machine slept and its nano time stood still; or the connection
     *           was lost and Redis may have lost data. A renewal, or a comparison of holds, decides. Until then nothing is
     *           granted locally, and what must be sure of its hold (a commit) fails.
     * ENDED     nano time says more too, or Redis doesn't know the session. Final: a session never comes back, a new one has
     *           a new id.
     *
     * Redis counts the lease from when the renewal ran there, which is after it was sent: so the deadline here is before the
     * one there, and the margin covers the clocks' different rates. Only an acknowledged renewal moves it.
     */
    enum Status {
        LIVE,
        DOUBTFUL,
        ENDED
    }

    final String id;
    private final Clock clock;
    private final long usableNanos;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile Instant renewed;
    private volatile boolean suspect;

    /** A moment by both clocks. */
    record Instant(long nano, long wallMillis) {
        static Instant now(Clock clock) {
            return new Instant(clock.nanoTime(), clock.wallMillis());
        }
    }

    /** @param sent when the request that opened it was sent */
    Session(String id, Clock clock, Duration lease, Instant sent) {
        this.id = id;
        this.clock = clock;
        this.usableNanos = lease.toNanos() - lease.toNanos() / 10;
        this.renewed = sent;
    }

    Status status() {
        return status(clock.nanoTime(), clock.wallMillis());
    }

    /** By the clocks as just read. */
    Status status(long nano, long wallMillis) {
        if (ended.get()) {
            return Status.ENDED;
        }
        Instant last = renewed;
        if (nano - last.nano() >= usableNanos) {
            return Status.ENDED;
        }
        boolean wallAgrees = TimeUnit.MILLISECONDS.toNanos(wallMillis - last.wallMillis()) < usableNanos;
        return wallAgrees && !suspect ? Status.LIVE : Status.DOUBTFUL;
    }

    /** Whether what it holds may still be relied on. A comparison under way is no reason to doubt the lease itself. */
    boolean withinLease() {
        Instant last = renewed;
        return !ended.get()
                && clock.nanoTime() - last.nano() < usableNanos
                && TimeUnit.MILLISECONDS.toNanos(clock.wallMillis() - last.wallMillis()) < usableNanos;
    }

    /** Redis acknowledged a renewal that was sent at {@code sent}. */
    void renewed(Instant sent) {
        renewed = sent;
    }

    /** Whether this call ended it. */
    boolean end() {
        return ended.compareAndSet(false, true);
    }

    void suspect(boolean doubt) {
        suspect = doubt;
    }

    boolean isSuspect() {
        return suspect;
    }

    /** The highest version of its holds that Redis has told; a request sent now must not be answered with a lower one. */
    long acknowledged() {
        return acknowledged.get();
    }

    void acknowledge(long version) {
        acknowledged.accumulateAndGet(version, Math::max);
    }
}
