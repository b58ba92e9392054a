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
 * One grant of one key to this JVM, shared by its scopes; each scope inside has a {@link Holding} under it. It stands
 * and falls with its session. {@link Arbiter} makes it when Redis grants a {@link PendingGrant} and decides how long
 * scopes may enter under it. Guarded by its {@link LocalLock}'s mutex where not final or volatile.
 */
public final class LocalGrant implements HeldGrant {

    final LockedKey lock;
    final Session session;
    final long grant;
    final LockMode mode;

    /**
     * How many more scopes of this JVM may enter under an exclusive grant once another JVM waits; {@link #TURN_NANOS}
     * bounds it too.
     */
    static final int TURNS = 64;

    static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * Longest time a releasing thread waits for the acknowledgement after BUSY was announced for its key: as long as
     * BUSY stands in the store (bucket.lua).
     */
    public static final long RETURN_MILLIS = 100;

    /** The holdings inside that leave under the mutex; one at the fast path is not among them. */
    final Deque<Holding> entries = new ArrayDeque<>(2);

    /** Nobody has entered yet: the waiters it was requested for may enter even if another JVM waits. */
    boolean fresh = true;

    /** Whether this JVM may keep it while nobody uses it. */
    boolean keep = true;

    /** {@link Retention} has not decided yet whether to keep it. */
    boolean keepUndecided = true;

    /**
     * Time of the last entry, by nanoTime. Also written without the mutex: it only tells how long the grant has been
     * idle.
     */
    long usedNanos;

    /** How many scopes may still enter since another JVM waits; {@link #turnEndsNanos} is the time limit. */
    int turns;

    /** BUSY was announced to another JVM's try, and Redis refuses further tries by it until the grant is given back. */
    boolean busyAnnounced;

    /**
     * If BUSY was announced: completed when Redis has acknowledged the release, or can't be reached. Null before the
     * release.
     */
    volatile CompletableFuture<Void> releaseAcknowledged;

    private boolean revocationRequested;
    private long turnEndsNanos;

    /** The fencing tokens of the scopes inside. */
    final TokenBlock tokens;

    /**
     * Identifies the holder to a database in addition to the token, which Redis may give out twice if it loses data.
     * Never used again.
     */
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

    /** Another JVM waits, from {@code now} on; repeated calls change nothing. */
    void requestRevocation(long now) {
        if (!revocationRequested) {
            revocationRequested = true;
            turns = mode == LockMode.EXCLUSIVE ? TURNS : 0;
            turnEndsNanos = now + TURN_NANOS;
        }
    }

    /**
     * The scopes inside are the last of this JVM: from {@code now} on nobody else enters, and the grant is given back
     * when they have left.
     */
    void lastTurn(long now) {
        revocationRequested = true;
        fresh = false;
        turns = 0;
        turnEndsNanos = now;
    }

    /**
     * Waits, {@link #RETURN_MILLIS} at most, until the store has acknowledged the release: until then it answers BUSY
     * to tries of others.
     */
    void awaitReturn() {
        try {
            releaseAcknowledged.get(RETURN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | OutOfMemoryError e) {
            // tries may then be refused for longer, as if the store didn't answer at all
        }
    }

    boolean revocationRequested() {
        return revocationRequested;
    }

    /** Whether further scopes may enter at {@code now}, by nanoTime. */
    boolean open(long now) {
        return !revocationRequested || fresh || (turns > 0 && now - turnEndsNanos < 0);
    }

    boolean active() {
        return !entries.isEmpty();
    }

    /** Whether a scope in {@code requested} mode may be inside together with the ones that are. */
    boolean admits(LockMode requested) {
        if (requested == LockMode.EXCLUSIVE) {
            return mode == LockMode.EXCLUSIVE && entries.isEmpty();
        }
        return entries.isEmpty() || entries.peek().mode == LockMode.SHARED;
    }
}
