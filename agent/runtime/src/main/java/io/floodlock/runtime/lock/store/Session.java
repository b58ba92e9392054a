package io.floodlock.runtime.lock.store;

import io.floodlock.runtime.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * This JVM's lease on one bucket; everything that the JVM holds there stands and falls with it. It tells whether
 * grants may be relied on at this moment, by two local clocks and without a request. The store's renewals move its
 * deadline, the {@code lock.local} classes check its status at each entry. Thread-safe.
 */
public final class Session {

    /*
     * LIVE      the last acknowledged renewal was sent less than (lease - margin) ago, by nano time and by wall clock.
     *           The margin is a tenth of the lease.
     * DOUBTFUL  by the wall clock it was sent earlier: that clock jumped, or the machine slept and its nano time stood
     *           still; or a connection was lost, so that another node may have taken over and know less. A renewal, or
     *           a comparison of grants, decides. Until then nothing is granted locally. A commit, which must be sure of
     *           its grant, fails where a clock has passed the deadline; a comparison alone does not fail it
     *           (withinLease()).
     * ENDED     by nano time too it was sent earlier, or Redis doesn't know the session. Final: a session never comes
     *           back, and a new one has a new id.
     *
     * Redis counts the lease from when the renewal ran there, which is after it was sent. So the deadline here is
     * before the one there, and the margin covers the clocks' different rates. Only an acknowledged renewal moves the
     * deadline.
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
    /** How often it became suspect since it was last cleared; unless it is 0, a comparison of grants is under way. */
    private final AtomicLong suspicions = new AtomicLong();

    /** A moment by both clocks. */
    public record Instant(long nano, long wallMillis) {
        public static Instant now(Clock clock) {
            return new Instant(clock.nanoTime(), clock.wallMillis());
        }
    }

    /** @param sent the time at which the request that opened it was sent */
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

    /** The status at the given reading of both clocks. */
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

    /**
     * Whether its grants may be relied on at this moment, by both clocks. A comparison under way is no reason to
     * doubt the lease itself.
     */
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
     * Ends it at the shutdown of this JVM. Releases of its grants are still sent: other JVMs may wait for these keys
     * and don't know yet that they are free.
     *
     * @return whether this call ended it
     */
    public boolean leave() {
        leaving = true;
        return end();
    }

    /** Whether releases of its grants must still be sent to Redis. */
    public boolean owesReleases() {
        return leaving || status() != Status.ENDED;
    }

    /**
     * Ends it.
     *
     * @return whether this call ended it
     */
    public boolean end() {
        return ended.compareAndSet(false, true);
    }

    /**
     * Marks it suspect: nothing is granted locally until it is cleared.
     *
     * @return whether the caller must begin a comparison of grants
     */
    public boolean suspect() {
        return suspicions.getAndIncrement() == 0;
    }

    /** The count of suspicions, to be read before a comparison and passed to {@link #clear}. */
    public long suspicions() {
        return suspicions.get();
    }

    /**
     * Clears it after a comparison that found nothing wrong.
     *
     * @return false if it became suspect again meanwhile, so that the comparison must be repeated
     */
    public boolean clear(long suspicionsBefore) {
        return suspicions.compareAndSet(suspicionsBefore, 0);
    }

    private boolean isSuspect() {
        return suspicions.get() != 0;
    }

    /**
     * The highest version of its grants that Redis has reported; the reply to a request sent now must not have a
     * lower one.
     */
    public long acknowledged() {
        return acknowledged.get();
    }

    public void acknowledge(long version) {
        acknowledged.accumulateAndGet(version, Math::max);
    }
}
