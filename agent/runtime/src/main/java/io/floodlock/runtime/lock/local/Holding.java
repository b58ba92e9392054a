package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.lock.store.Session;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiConsumer;

/**
 * The place of one scope, or of one owner, in a {@link LocalGrant}: by it the scope has the key. Scopes inside that
 * re-enter the key share it. It counts its users: when the last one leaves, the key is left. Thread-safe.
 *
 * <p>Made by {@link Arbiter} (entry under the mutex) or {@link FastPath} (entry without it), used by scopes and
 * fencing. It stays valid as an object after its loss: {@link #held} then is false and {@link #lost} says why.
 */
public class Holding {

    /*
     * One is made for each key that is entered, so it is small. Everything that changes without the mutex is in one
     * number:
     *
     *   users         how many scopes rely on it: the one that entered and those that re-entered. Once 0, it stays 0
     *   GONE          evicted, or given up by its owner, even if scopes still rely on it. Never cleared
     *   ON_FAST_PATH  it is on the fast path: when its users drop to 0 it has left, and no other code must be
     *                 informed. Set and cleared under the mutex; so the code that clears it finds out in the same
     *                 step whether it had left
     *   BY_THREAD     a thread opened its scope and will close it, so the closing thread may be made to wait
     *   passes        how many have entered by the fast path since it was opened, this one included; counted no
     *                 further than needed
     */

    private static final int USERS = (1 << 24) - 1;
    private static final int GONE = 1 << 24;
    private static final int ON_FAST_PATH = 1 << 25;
    private static final int BY_THREAD = 1 << 26;
    private static final int PASS = 1 << 27;
    private static final int PASSES = 3 * PASS;

    private static final AtomicIntegerFieldUpdater<Holding> STATE =
            AtomicIntegerFieldUpdater.newUpdater(Holding.class, "state");

    final LocalGrant hold;
    final LockMode mode;
    final Caller who;
    final long sinceMillis;

    /** The fencing token, drawn at the first call of {@link #token}; 0 before. Guarded by the lock's mutex. */
    long token;

    /** The holding that its scope made before this one, or null. */
    private Holding takenBefore;

    /** Of a holding at the fast path: how the path was opened. Written before the holding gets there. */
    private FastPath.Opening opening;

    private volatile int state;

    /** Why it was evicted although scopes rely on it; null if it wasn't. */
    private volatile String evicted;

    /** Made under the mutex. */
    Holding(LocalGrant hold, LockMode mode, Caller who, long sinceMillis) {
        this.hold = hold;
        this.mode = mode;
        this.who = who;
        this.sinceMillis = sinceMillis;
        this.state = 1;
    }

    /**
     * An exclusive entry by the fast path.
     *
     * @param passes how many entered by it before, since it was opened, as {@link #passes()} counts
     */
    Holding(FastPath.Opening opening, int passes, Caller who, long sinceMillis, boolean byThread) {
        this.hold = opening.hold();
        this.mode = LockMode.EXCLUSIVE;
        this.who = who;
        this.sinceMillis = sinceMillis;
        this.opening = opening;
        this.state = 1 | ON_FAST_PATH | Math.min(FastPath.BARGES, passes + 1) * PASS | (byThread ? BY_THREAD : 0);
    }

    /** The owner's listener; null for a scope's holding. */
    Ownership.Listener listener() {
        return null;
    }

    public String name() {
        return hold.lock.name;
    }

    public LockMode mode() {
        return mode;
    }

    public Caller who() {
        return who;
    }

    /** Identifies the holder to databases, in addition to the token. */
    public String owner() {
        return hold.owner;
    }

    /**
     * The fencing token, the same at every call. Waits for the store only if the next block of tokens is late;
     * {@code patience} limits each wait.
     */
    public long token(Duration patience) {
        return hold.lock.token(this, patience);
    }

    /**
     * A database knows this token or a greater one, though the key is held: the tokens of this grant up to
     * {@code known} are void.
     */
    public void outgrown(long known) {
        hold.lock.outgrown(this, known);
    }

    /** Makes the store's next tokens greater than {@code known}. */
    public CompletableFuture<Void> raise(long known) {
        return hold.lock.raise(known);
    }

    /**
     * Stops further entries of this JVM under its grant, and has the store keep the key taken for {@code span}.
     * {@code then} receives whether the store knew the grant.
     */
    public void keepTaken(Duration span, String purpose, BiConsumer<Boolean, FloodlockFailure> then) {
        hold.lock.keepTaken(hold, span, purpose, then);
    }

    /** The holding that its scope made before this one, or null. */
    public Holding takenBefore() {
        return takenBefore;
    }

    public void setTakenBefore(Holding before) {
        takenBefore = before;
    }

    // at the fast path

    FastPath.Opening opening() {
        return opening;
    }

    /**
     * How many have passed over the head by the fast path, this one included; counted up to {@link FastPath#BARGES}.
     */
    int passes() {
        return (state & PASSES) / PASS;
    }

    /**
     * Lets it leave by the fast path, which is being opened again; false if it is already leaving under the mutex.
     * Called under the mutex.
     */
    boolean putOnFastPath(FastPath.Opening by) {
        opening = by;
        for (int known = state; (known & USERS) > 0; known = state) {
            if (STATE.compareAndSet(this, known, (known | ON_FAST_PATH) & ~PASSES)) {
                return true;
            }
        }
        return false;
    }

    /** From now on it leaves under the mutex; false if it has left already. Called under the mutex. */
    boolean takeOffFastPath() {
        int known = state;
        while (!STATE.compareAndSet(this, known, known & ~ON_FAST_PATH)) {
            known = state;
        }
        return (known & USERS) > 0;
    }

    // users

    /** Whether the key is held at this moment: not left, not evicted, and within the lease. */
    public boolean held() {
        return !gone() && evicted == null && hold.session.withinLease();
    }

    /** Whether it keeps other scopes out of this JVM's grant: it has not left, and its session is live or in doubt. */
    public boolean inside() {
        return !gone() && hold.session.status() != Session.Status.ENDED;
    }

    /** Whether it has no users, was evicted or given up, or its last user is leaving. */
    public boolean gone() {
        int known = state;
        return (known & GONE) != 0 || (known & USERS) == 0;
    }

    void setGone() {
        for (int known = state; (known & USERS) > 0 && (known & GONE) == 0; known = state) {
            STATE.compareAndSet(this, known, known | GONE);
        }
    }

    boolean byThread() {
        return (state & BY_THREAD) != 0;
    }

    public void setByThread() {
        for (int known = state; (known & BY_THREAD) == 0; known = state) {
            STATE.compareAndSet(this, known, known | BY_THREAD);
        }
    }

    /** Adds a user; false if it is gone. */
    public boolean retain() {
        for (int known = state; (known & USERS) > 0 && (known & GONE) == 0; known = state) {
            if (STATE.compareAndSet(this, known, known + 1)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Removes a user; the last one leaves the lock, and may wait for the release's acknowledgement,
     * {@link LocalGrant#RETURN_MILLIS} at most. To be called once for each user.
     */
    public void leave() {
        if (!drop()) {
            return;
        }
        try {
            hold.lock.leave(this);
        } catch (StackOverflowError | OutOfMemoryError e) {
            // no further call, as there may be no stack or memory for it: the renewal's thread repairs the lock
            hold.lock.eventMissed = true;
            hold.lock.repairs.due = true;
            return;
        }
        if (byThread() && hold.releaseAcknowledged != null) {
            hold.awaitReturn();
        }
    }

    /**
     * Removes a user.
     *
     * @return whether the lock must be informed: it was the last user, and it has not left by the fast path
     */
    boolean drop() {
        return (STATE.getAndDecrement(this) & (USERS | ON_FAST_PATH)) == 1;
    }

    /** Leaves the lock although scopes rely on it: they find it lost, with {@code why} as the reason. */
    public void evict(String why) {
        evicted = why;
        hold.lock.leave(this);
    }

    public FloodlockFailure lost() {
        String why = evicted;
        return why == null ? LockFailures.lost(name()) : LockFailures.lost(name(), why);
    }
}
