package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.GrantRequest;
import io.floodlock.runtime.lock.store.QueuePlace;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.time.Jitter;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A request to Redis for one key, from its first sending until it is granted, refused or given up. Guarded by the lock's mutex where not volatile. */
public final class PendingGrant implements GrantRequest {

    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Nobody here waits for it any more. */
    volatile boolean givenUp;

    /** Another JVM was heard to want the grant before the grant itself was heard. */
    boolean revocationRequested;

    /** Redis has answered it, whatever it said. */
    boolean answered;

    /** Redis has put it in the queue, so a push will tell; it is looked for from time to time all the same. Null before. */
    QueuePlace place;

    /** For one who doesn't wait: a holder elsewhere uses the key. */
    boolean busy;

    boolean inFlight;

    /** When it was sent last, by nanoTime. */
    long sentNanos;

    /** When to send it again or, once it is queued, to look for it. */
    long repeatAt;

    /** Under which it was sent last; null before. */
    volatile Session session;

    /** What the grant said of whom it is shared with. */
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

    /** After how long it is sent again, as a push may be lost. */
    public static long repeatNanos() {
        return Jitter.around(REPEAT_NANOS);
    }

    /** After how long it is looked for where something may have been missed: many JVMs may have missed it. */
    static long soonNanos() {
        return ThreadLocalRandom.current().nextLong(REPEAT_NANOS);
    }

    /** The same where Redis couldn't be asked. */
    static long retryNanos() {
        return Jitter.around(RETRY_NANOS);
    }
}
