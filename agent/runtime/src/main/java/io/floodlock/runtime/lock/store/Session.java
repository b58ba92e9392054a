package io.floodlock.runtime.lock.store;

import io.floodlock.runtime.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** This JVM's lease on one bucket. All that it holds there stands and falls with it. Thread-safe. */
public final class Session {

    /*
     * LIVE      the last acknowledged renewal was sent less than (lease - margin) ago, by nano time and by wall clock.
     * DOUBTFUL  the wall clock says more: it jumped, or the machine slept and its nano time stood still; or a connection
     *           was lost, so that another node may serve in its place and know less. A renewal, or a comparison of holds, decides. Until then nothing is
     *           granted locally, and what must be sure of its hold (a commit) fails.
     * ENDED     nano time says more too, or Redis doesn't know the session. Final: a session never comes back, a new one has
     *           a new id.
     *
     * Redis counts the lease from when the renewal ran there, which is after it was sent: so the deadline here is before the
     * one there, and the margin covers the clocks' different rates. Only an acknowledged renewal moves it.
     */
    public enum Status {
        LIVE,
        DOUBTFUL,
        ENDED
    }

    private final String id;
    private final Clock clock;
    private final long usableNanos;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile Instant renewed;
    private volatile boolean leaving;
    /** How often it has come under suspicion since it was cleared; a comparison is under way unless it is 0. */
    private final AtomicLong suspicions = new AtomicLong();

    /** A moment by both clocks. */
    public record Instant(long nano, long wallMillis) {
        public static Instant now(Clock clock) {
            return new Instant(clock.nanoTime(), clock.wallMillis());
        }
    }

    /** @param sent when the request that opened it was sent */
    public Session(String id, Clock clock, Duration lease, Instant sent) {
        this.id = id;
        this.clock = clock;
        this.usableNanos = lease.toNanos() - lease.toNanos() / 10;
        this.renewed = sent;
    }

    public String id() {
        return id;
    }

    public Status status() {
        return status(clock.nanoTime(), clock.wallMillis());
    }

    /** By the clocks as just read. */
    public Status status(long nano, long wallMillis) {
        if (ended.get()) {
            return Status.ENDED;
        }
        Instant last = renewed;
        if (nano - last.nano() >= usableNanos) {
            return Status.ENDED;
        }
        boolean wallAgrees = TimeUnit.MILLISECONDS.toNanos(wallMillis - last.wallMillis()) < usableNanos;
        return wallAgrees && !isSuspect() ? Status.LIVE : Status.DOUBTFUL;
    }

    /** Whether what it holds may still be relied on. A comparison under way is no reason to doubt the lease itself. */
    public boolean withinLease() {
        Instant last = renewed;
        return !ended.get()
                && clock.nanoTime() - last.nano() < usableNanos
                && TimeUnit.MILLISECONDS.toNanos(clock.wallMillis() - last.wallMillis()) < usableNanos;
    }

    /** Redis acknowledged a renewal that was sent at {@code sent}. */
    public void renewed(Instant sent) {
        renewed = sent;
    }

    /**
     * Ends it as this JVM shuts down. What is being given back of it is given back all the same: others may wait for it, who
     * don't know yet that it is free. @return whether this call ended it
     */
    public boolean leave() {
        leaving = true;
        return end();
    }

    /** Whether Redis is to hear what is given back of it. */
    public boolean owesReleases() {
        return leaving || status() != Status.ENDED;
    }

    /** Whether this call ended it. */
    public boolean end() {
        return ended.compareAndSet(false, true);
    }

    /** From now on nothing is granted locally, until it is cleared. @return whether the caller is to begin a comparison */
    public boolean suspect() {
        return suspicions.getAndIncrement() == 0;
    }

    /** To be read before a comparison, for {@link #clear}. */
    public long suspicions() {
        return suspicions.get();
    }

    /** A comparison has found nothing wrong. @return false if a suspicion came up meanwhile, so that it is to be repeated */
    public boolean clear(long suspicionsBefore) {
        return suspicions.compareAndSet(suspicionsBefore, 0);
    }

    private boolean isSuspect() {
        return suspicions.get() != 0;
    }

    /** The highest version of its holds that Redis has told; a request sent now must not be answered with a lower one. */
    public long acknowledged() {
        return acknowledged.get();
    }

    public void acknowledge(long version) {
        acknowledged.accumulateAndGet(version, Math::max);
    }
}
