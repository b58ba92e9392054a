package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.GrantRequest;
import io.floodlock.runtime.lock.store.QueuePlace;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.time.Jitter;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A request to Redis for one key, from its first sending until it is granted, refused or given up. {@link LockEffects}
 * makes it for the head of the key's queue, {@link Arbiter} has at most one for each key. If granted, it becomes a
 * {@link LocalGrant} with the same grant id. Guarded by the lock's mutex where not volatile.
 */
public final class PendingGrant implements GrantRequest {

    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** No waiter of this JVM needs it any more. */
    volatile boolean givenUp;

    /** Another JVM's request for revocation arrived before the grant itself. */
    boolean revocationRequested;

    /** Redis has answered it, with any reply. */
    boolean answered;

    /**
     * Its place in Redis's queue; null before it is queued. A push then reports the grant; the place is looked up
     * from time to time all the same.
     */
    QueuePlace place;

    /** Of a request that doesn't wait: a holder in another JVM has answered BUSY. */
    boolean busy;

    boolean inFlight;

    /** Time of the last sending, by nanoTime. */
    long sentNanos;

    /** When to send it again or, once it is queued, to look up its place; by nanoTime. */
    long repeatAt;

    /** The session under which it was sent last; null before. */
    volatile Session session;

    /** The owner that the grant's reply named, by which databases know the holder beside the token. */
    String owner;

    final LockedKey lock;
    final long grant;
    final LockMode mode;
    final boolean waits;
    final Caller who;

    PendingGrant(LockedKey lock, long grant, LockMode mode, boolean patient, Caller who) {
        this.lock = lock;
        this.grant = grant;
        this.mode = mode;
        this.waits = patient;
        this.who = who;
    }

    @Override
    public long grant() {
        return grant;
    }

    @Override
    public String name() {
        return lock.name;
    }

    @Override
    public LockMode mode() {
        return mode;
    }

    @Override
    public boolean waits() {
        return waits;
    }

    @Override
    public Caller caller() {
        return who;
    }

    @Override
    public boolean givenUp() {
        return givenUp;
    }

    @Override
    public void sentUnder(Session live) {
        session = live;
    }

    /** After how many nanoseconds it is repeated, as a push may be lost: 250 ms, jittered. */
    public static long repeatNanos() {
        return Jitter.around(REPEAT_NANOS);
    }

    /**
     * After how many nanoseconds its place is looked up where messages may have been missed: random, up to 250 ms, as
     * many JVMs may have missed them.
     */
    static long soonNanos() {
        return ThreadLocalRandom.current().nextLong(REPEAT_NANOS);
    }

    /** After how many nanoseconds it is repeated if Redis couldn't be reached: 100 ms, jittered. */
    static long retryNanos() {
        return Jitter.around(RETRY_NANOS);
    }
}
