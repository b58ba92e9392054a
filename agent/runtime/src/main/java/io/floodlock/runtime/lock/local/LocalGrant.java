package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.store.HeldGrant;
import io.floodlock.runtime.lock.store.Session;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One grant of one key to this JVM, shared by its scopes. Guarded by its {@link LocalLock}'s mutex where not final or
 * volatile.
 */
public final class LocalGrant implements HeldGrant {

    final LockedKey lock;
    final Session session;
    final long grant;
    final LockMode mode;

    /** How much longer others of this JVM may enter once another JVM waits: both bounds. */
    static final int TURNS = 64;

    static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * Longest time a releasing thread waits for the acknowledgement after BUSY was announced for its key: as long as
     * BUSY stands in the store (bucket.lua).
     */
    public static final long RETURN_MILLIS = 100;

    /** The scopes inside, for messages. */
    final Deque<Holding> entries = new ArrayDeque<>(2);

    /** Nobody has entered yet: it is owed to who asked, even if another JVM waits. */
    boolean fresh = true;

    /** It may stay in this JVM when nobody uses it. */
    boolean keep = true;

    /** Retention hasn't been asked yet. */
    boolean unasked = true;

    /**
     * When somebody entered last, by nanoTime. Also written without the mutex: it only tells how long it has been idle.
     */
    long usedNanos;

    /** Entries left since another JVM was heard to wait, and until when. */
    int turns;

    /**
     * Who tried elsewhere has been told that it is in use, and others will be told so by Redis until it is given back.
     */
    boolean busyAnnounced;

    /** Of one of which that was told: completed when Redis has heard that it is given back, or can't be reached. */
    volatile CompletableFuture<Void> releaseAcknowledged;

    private boolean revocationRequested;
    private long turnEndsNanos;

    /** The fencing tokens of the scopes inside. */
    final TokenBlock tokens;

    /** Who it is to a database beside the token, which Redis may give out twice if it loses data. Never used again. */
    final String owner;

    LocalGrant(PendingGrant fulfilled, long token) {
        this.lock = fulfilled.lock;
        this.session = fulfilled.session;
        this.grant = fulfilled.grant;
        this.mode = fulfilled.mode;
        this.tokens = new TokenBlock(mode, token);
        this.owner = fulfilled.owner;
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public long grant() {
        return grant;
    }

    @Override
    public String name() {
        return lock.name;
    }

    /** Another JVM waits, from {@code now} on; repeated word changes nothing. */
    void requestRevocation(long now) {
        if (!revocationRequested) {
            revocationRequested = true;
            turns = mode == LockMode.EXCLUSIVE ? TURNS : 0;
            turnEndsNanos = now + TURN_NANOS;
        }
    }

    /**
     * Who is inside now is the last of this JVM: from {@code now} on nobody else enters, and it goes back when they
     * have left.
     */
    void lastTurn(long now) {
        revocationRequested = true;
        fresh = false;
        turns = 0;
        turnEndsNanos = now;
    }

    /**
     * Waits until the store has acknowledged that it is given back, as it tells others until then that the key is in
     * use.
     */
    void awaitReturn() {
        try {
            releaseAcknowledged.get(RETURN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | OutOfMemoryError e) {
            // a try may be refused for longer, as where the store doesn't answer at all
        }
    }

    boolean revocationRequested() {
        return revocationRequested;
    }

    /** Whether anybody new may enter. */
    boolean open(long now) {
        return !revocationRequested || fresh || (turns > 0 && now - turnEndsNanos < 0);
    }

    boolean active() {
        return !entries.isEmpty();
    }

    /** Whether a scope in {@code wanted} mode may be inside together with those that are. */
    boolean admits(LockMode wanted) {
        if (wanted == LockMode.EXCLUSIVE) {
            return mode == LockMode.EXCLUSIVE && entries.isEmpty();
        }
        return entries.isEmpty() || entries.peek().mode == LockMode.SHARED;
    }
}
