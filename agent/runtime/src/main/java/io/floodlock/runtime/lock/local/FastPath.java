package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.thread.ThreadKinds;
import io.floodlock.runtime.time.Clock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/**
 * Entry to and exit from one key without the {@link Arbiter}'s mutex, where there is nothing to decide: exclusive
 * entry by one compare-and-set, exit by one atomic step of the {@link Holding}.
 *
 * <p>It is open only while the Arbiter has decided that any exclusive entry is right; the Arbiter shuts it as each
 * event begins. So entries here and decisions under the mutex never contradict each other. {@link LockTable} and
 * {@link ThreadWaiter} call the methods without the mutex, the Arbiter those under the mutex. The comment below has
 * the states and the races.
 */
class FastPath {

    /*
     * It is open while nobody waits and revocation of a kept exclusive grant is not requested, or while a woken head
     * may be passed over (see Arbiter, "Barging"). The field `at` is one of:
     *
     *   null      shut: the mutex decides
     *   Opening   open, nobody inside: has the grant, and the head that may be passed over if one waits. No scope
     *             has entered since it was opened
     *   Holding   open, by the Opening that the Holding refers to. Its scope is inside, or has left: then nobody is
     *             inside
     *
     * Entering is one compare-and-set of `at`, leaving one atomic step of the Holding's own state:
     *
     *   Opening, left Holding -> Holding   enter(), by any thread, if the session is live and the head's time isn't up
     *   Holding: users 1 -> 0              Holding.drop(), by the leaving thread; `at` stays as it is
     *   any -> null                        shut(), under the mutex. If it finds a Holding, takeOffFastPath() clears
     *                                      its ON_FAST_PATH bit; the same step shows whether its scope has left. If
     *                                      not, it leaves under the mutex from then on
     *   null -> any                        open(), at the end of an event, under the mutex; with the only Holding
     *                                      inside, if there is one
     *
     * Two racing steps are atomic on the same variable, so both sides see the same order: enter() and shut() race on
     * `at`, leaving and shut() on the Holding's state. So a scope has either left and has nothing more to do, or it
     * leaves under the mutex. If a scope leaves while open() puts its Holding here, there are two cases:
     * putOnFastPath() finds no user any more and fails, and the scope leaves under the mutex; or it succeeded first,
     * and the scope leaves by the fast path, perhaps before that is open.
     *
     * Each Holding and each Opening is a fresh object, so there is no ABA: a late compare-and-set fails and falls
     * back to the mutex.
     *
     * A thread may be paused between its check of the session and its compare-and-set, and so enter late. This is no
     * worse than a pause right after entering: the lease's deadline is checked again before anything commits.
     *
     * A leaving thread checks no time. Once the head's time is up, nobody enters here: the head enters under the
     * mutex, as it is awake or about to be; or another thread that wants to enter takes the mutex and so gives the
     * key to the head.
     *
     * If anybody waits while the fast path is open, some thread will take the mutex: the woken head. A thread on the
     * fast path can't put the head back to sleep. A thread that finds the key taken checks again for a few
     * microseconds before it queues, as most sections are short. It does so only while nobody waits: otherwise it
     * would take the processor from a waiter, and the cache line from the scope inside.
     */

    /**
     * How much may pass over a head after its wake-up: this many sections or {@link #BARGE_NANOS}, whichever is more.
     */
    static final int BARGES = 2;

    static final long BARGE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    /**
     * If more waiters than this wait, each is passed over for less time: a round of all is lengthened by at most this
     * many times {@link #BARGE_NANOS}.
     */
    static final int FULL_TURNS = 32;

    private static final int TAKEN_LOOKS = 100;

    /** @param head the waiter that may be passed over; null if nobody waits */
    record Opening(LocalGrant hold, Waiter head) {}

    private static final VarHandle AT;

    static {
        MethodHandles.Lookup own = MethodHandles.lookup();
        try {
            AT = own.findVarHandle(FastPath.class, "at", Object.class);
            // otherwise a virtual thread may be the first to need them, and it pins its carrier while a class is
            // loaded
            own.ensureInitialized(Opening.class);
            own.ensureInitialized(ThreadKinds.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Clock clock;
    private volatile Object at;

    FastPath(Clock clock) {
        this.clock = clock;
    }

    // without the mutex

    /**
     * Enters exclusively if there is nothing to decide; null if the mutex must decide. May check a taken key again
     * for some microseconds.
     *
     * @param byThread whether the calling thread is about to open the holding's scope, and will close it
     */
    Holding enter(Caller who, boolean byThread) {
        Holding entry = tryEnter(who, byThread);
        return entry == null && freeSoon() && ThreadKinds.maySpin(Thread.currentThread())
                ? enterSoon(who, byThread)
                : entry;
    }

    /** Checks again: most sections are short, and queueing costs more than that. */
    private Holding enterSoon(Caller who, boolean byThread) {
        for (int looks = 0; looks < TAKEN_LOOKS; looks++) {
            if (freeSoon()) {
                Thread.onSpinWait();
                continue;
            }
            Holding entry = tryEnter(who, byThread);
            if (entry != null || !freeSoon()) {
                return entry;
            }
        }
        return null;
    }

    /** As {@link #enter}, but with one check only. */
    Holding tryEnter(Caller who, boolean byThread) {
        Object found = at;
        Opening opening;
        int passes = 0;
        if (found instanceof Holding last) {
            if (!last.gone()) {
                return null;
            }
            opening = last.opening();
            passes = last.passes();
        } else if (found != null) {
            opening = (Opening) found;
        } else {
            return null;
        }
        long now = clock.nanoTime();
        long wall = clock.wallMillis();
        Waiter head = opening.head;
        if (opening.hold.session.status(now, wall) != Session.Status.LIVE || (head != null && timeIsUp(head, now))) {
            return null;
        }
        Holding entry = new Holding(opening, passes, who, wall, byThread);
        if (!AT.compareAndSet(this, found, entry)) {
            return null;
        }
        opening.hold.usedNanos = now;
        return entry;
    }

    /** Whether another check soon may succeed: the scope inside will leave by the fast path, and nobody waits. */
    private boolean freeSoon() {
        return at instanceof Holding inside && inside.opening().head == null && !inside.gone();
    }

    /** Whether a scope is inside that will leave by the fast path. */
    boolean taken() {
        return at instanceof Holding last && !last.gone();
    }

    /**
     * The current state, to be compared by identity: a different object later means that a scope has entered or the
     * path was shut.
     */
    Object seen() {
        return at;
    }

    /** Called by the awake head: whether it should let running threads enter for a little longer. */
    boolean yields(Waiter head) {
        return !head.ended() && !timeIsUp(head, clock.nanoTime());
    }

    /** Whether the head's time is up: others may pass over it now only to complete the {@link #BARGES} sections. */
    static boolean timeIsUp(Waiter head, long now) {
        return now - head.wokenNanos >= head.bargeNanos;
    }

    /** For how long a head may be passed over, in nanoseconds, if {@code waiting} wait, itself included. */
    static long bargeNanos(int waiting) {
        return Math.min(BARGE_NANOS, FULL_TURNS * BARGE_NANOS / waiting);
    }

    // under the mutex

    /**
     * Shuts the path: scopes enter and leave only under the mutex.
     *
     * @return the holding that entered by the fast path and is still inside, or null
     */
    Holding shut() {
        Object found = at == null ? null : take();
        if (!(found instanceof Holding last)) {
            return null;
        }
        boolean inside = last.takeOffFastPath();
        Waiter head = last.opening().head;
        if (head != null) {
            head.passed += last.passes();
        }
        return inside ? last : null;
    }

    /**
     * Shuts the path and returns its former state. Overridden by a test which proves that the concurrency tests find
     * a wrong step.
     */
    Object take() {
        return AT.getAndSet(this, null);
    }

    /** Opens the path of a free key. It may be entered over {@code head}, if that isn't null. */
    void open(LocalGrant hold, Waiter head) {
        at = new Opening(hold, head);
    }

    /**
     * Opens the path of a key with one holding inside.
     *
     * @return false if the holding is leaving under the mutex already; the path stays shut then
     */
    boolean open(LocalGrant hold, Waiter head, Holding inside) {
        if (!inside.putOnFastPath(new Opening(hold, head))) {
            return false;
        }
        at = inside;
        return true;
    }

    /** The holding that is inside and will leave by the fast path, or null. */
    Holding inside() {
        return at instanceof Holding last && !last.gone() ? last : null;
    }
}
