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
 * One scope's, or one owner's, place in a {@link LocalGrant}, shared by the scopes inside that re-entered it. Thread-safe.
 */
public class Holding {

    /*
     * One is made for each key that is entered, so it is small, and what changes without the mutex is one number:
     *
     *   users     how many scopes rely on it: the one that entered and those that re-entered. At 0 for good
     *   GONE      evicted, or given up by its owner, whoever relies on it. For good
     *   AT_GATE   it stands at the gate: when its users come to 0 it has left, and nobody needs to hear of it. Set and
     *             cleared under the mutex; so whoever clears it knows in the same step whether it had left
     *   BY_THREAD a thread opened its scope and will close it, so that it may be made to wait
     *   passes    how many have come by the gate since it was opened, this one included; counted no further than needed
     */

    private static final int USERS = (1 << 24) - 1;
    private static final int GONE = 1 << 24;
    private static final int AT_GATE = 1 << 25;
    private static final int BY_THREAD = 1 << 26;
    private static final int PASS = 1 << 27;
    private static final int PASSES = 3 * PASS;

    private static final AtomicIntegerFieldUpdater<Holding> STATE =
            AtomicIntegerFieldUpdater.newUpdater(Holding.class, "state");

    final LocalGrant hold;
    final LockMode mode;
    final Caller who;
    final long sinceMillis;

    /** Drawn at the first question. Guarded by the lock's mutex. */
    long token;

    /** What its scope took before it, or null. */
    private Holding takenBefore;

    /** Of one at the gate: how that was opened. Written before it gets there. */
    private FastPath.Opening opening;

    private volatile int state;

    /** Why it was given back though somebody relies on it. */
    private volatile String evicted;

    /** By the mutex. */
    Holding(LocalGrant hold, LockMode mode, Caller who, long sinceMillis) {
        this.hold = hold;
        this.mode = mode;
        this.who = who;
        this.sinceMillis = sinceMillis;
        this.state = 1;
    }

    /**
     * Exclusively, by the gate.
     *
     * @param passes how many have come by it before since it was opened, as {@link #passes()} counts
     */
    Holding(FastPath.Opening opening, int passes, Caller who, long sinceMillis, boolean byThread) {
        this.hold = opening.hold();
        this.mode = LockMode.EXCLUSIVE;
        this.who = who;
        this.sinceMillis = sinceMillis;
        this.opening = opening;
        this.state = 1 | AT_GATE | Math.min(FastPath.BARGES, passes + 1) * PASS | (byThread ? BY_THREAD : 0);
    }

    /** Hears what becomes of it, or null. */
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

    /** The holder as databases know it beside the token. */
    public String owner() {
        return hold.owner;
    }

    /** The fencing token, the same at every call. Waits for the store only where the next block of tokens is late. */
    public long token(Duration patience) {
        return hold.lock.token(this, patience);
    }

    /**
     * A database knows this token or a greater one, though the entry is held: tokens of this hold up to it are void.
     */
    public void outgrown(long known) {
        hold.lock.outgrown(this, known);
    }

    /** Lets the next tokens that the store gives out be greater than {@code known}. */
    public CompletableFuture<Void> raise(long known) {
        return hold.lock.raise(known);
    }

    /**
     * Lets nobody else of this JVM enter under its hold, and keeps the key taken for {@code span}; gets whether it was
     * held.
     */
    public void keepTaken(Duration span, String purpose, BiConsumer<Boolean, FloodlockFailure> then) {
        hold.lock.keepTaken(hold, span, purpose, then);
    }

    /** The entry that its scope made before it, or null. */
    public Holding takenBefore() {
        return takenBefore;
    }

    public void setTakenBefore(Holding before) {
        takenBefore = before;
    }

    // at the gate

    FastPath.Opening opening() {
        return opening;
    }

    /** How many have passed over the head by the gate, this one included, up to {@link FastPath#BARGES}. */
    int passes() {
        return (state & PASSES) / PASS;
    }

    /**
     * Lets it leave by the gate, which was opened again; false if it is on its way to the mutex by now. Under the
     * mutex.
     */
    boolean putAtGate(FastPath.Opening by) {
        opening = by;
        for (int known = state; (known & USERS) > 0; known = state) {
            if (STATE.compareAndSet(this, known, (known | AT_GATE) & ~PASSES)) {
                return true;
            }
        }
        return false;
    }

    /** It leaves by the gate no more; false if it has. Under the mutex. */
    boolean takeFromGate() {
        int known = state;
        while (!STATE.compareAndSet(this, known, known & ~AT_GATE)) {
            known = state;
        }
        return (known & USERS) > 0;
    }

    // who relies on it

    /** Whether it may be relied on at this moment. */
    public boolean held() {
        return !gone() && evicted == null && hold.session.withinLease();
    }

    /** Whether it keeps others out of this JVM's hold, held or in doubt. */
    public boolean inside() {
        return !gone() && hold.session.status() != Session.Status.ENDED;
    }

    /** Nobody is inside through it any more, or its last user is on the way out. */
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

    /** One more relies on it; false if it is gone. */
    public boolean retain() {
        for (int known = state; (known & USERS) > 0 && (known & GONE) == 0; known = state) {
            if (STATE.compareAndSet(this, known, known + 1)) {
                return true;
            }
        }
        return false;
    }

    /** One less relies on it; the last one leaves the lock. Once for each user. */
    public void leave() {
        if (!drop()) {
            return;
        }
        try {
            hold.lock.leave(this);
        } catch (StackOverflowError | OutOfMemoryError e) {
            // no call, for which there may be no room: the renewal's thread sees to it
            hold.lock.unheard = true;
            hold.lock.repairs.due = true;
            return;
        }
        if (byThread() && hold.releaseAcknowledged != null) {
            hold.awaitReturn();
        }
    }

    /**
     * One less relies on it. @return whether the lock must hear of it: it was the last, and has not left by the gate
     */
    boolean drop() {
        return (STATE.getAndDecrement(this) & (USERS | AT_GATE)) == 1;
    }

    /** Gives it back whoever relies on it: they find it lost, and why. */
    public void evict(String why) {
        evicted = why;
        hold.lock.leave(this);
    }

    public FloodlockFailure lost() {
        String why = evicted;
        return why == null ? LockFailures.lost(name()) : LockFailures.lost(name(), why);
    }
}
