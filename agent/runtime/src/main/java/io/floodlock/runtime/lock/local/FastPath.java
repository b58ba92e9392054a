package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.thread.ThreadKinds;
import io.floodlock.runtime.time.Clock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/** The way into a key, and out of it, where nothing is to be decided: without the {@link Arbiter}'s mutex. */
class FastPath {

    /*
     * It is open while nobody waits and a kept exclusive hold is not wanted, or while a woken head may be passed over. To enter
     * is one compare-and-set of what stands here, to leave one atomic step of the entry's own:
     *
     *   null      shut: the mutex decides
     *   Opening   open, nobody inside: for which hold, and over which head if one waits. Nobody has come by since it was opened
     *   Entry     open by the opening that the entry knows. Somebody is inside, or has left: then nobody is inside
     *
     *   Opening, left Entry -> Entry   enter(), by any thread, if the session is live and the time to pass over isn't up
     *   Entry: users 1 -> 0            Entry.drop(), by whoever leaves; what stands here stays
     *   any -> null                    shut(), under the mutex: an entry found here is taken from the gate, by a step of its
     *                                  own which tells whether it has left; if not, it leaves by the mutex from then on
     *   null -> any                    open(), at the end of an event, under the mutex: with the only entry if there is one
     *
     * Each step of two that meet comes first for both. enter() and shut() meet here, leave and shut() at the entry: either it
     * has left, and says nothing, or it comes by the mutex. An entry that is put here as it leaves either can't be any more,
     * and comes by the mutex, or has left by the gate before that is open.
     *
     * An entry is the object of one coming and an opening that of one event: neither ever comes back here, so a
     * compare-and-set that comes too late fails and goes by the mutex. A thread that stops between its look at the session and
     * its compare-and-set enters late as one that stops right after entering is inside late: the deadline is looked at again
     * before anything commits.
     *
     * Who leaves looks at no time. If that of the head is up nobody enters here any more: the head comes, as it is awake or
     * about to be, or whoever else comes goes by the mutex and gives it the key.
     *
     * While the gate is open somebody will come by the mutex if anybody waits: the woken head, which nobody at the gate can
     * put back to sleep. Who finds the gate taken looks again for a few microseconds before it queues, as most sections are
     * short; but only while nobody waits, since then it would take the processor from who waits and its memory from who is
     * inside.
     */

    /** How much may pass over a head since it was woken: the more of both. */
    static final int BARGES = 2;

    static final long BARGE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    /** So many wait before each is passed over for less: a round of all is lengthened by as many full times at most. */
    static final int FULL_TURNS = 32;

    private static final int TAKEN_LOOKS = 100;

    /** @param head who may be passed over; null if nobody waits */
    record Opening(LocalGrant hold, Waiter head) {}

    private static final VarHandle AT;

    static {
        MethodHandles.Lookup own = MethodHandles.lookup();
        try {
            AT = own.findVarHandle(FastPath.class, "at", Object.class);
            // else the first that need them may be virtual threads, which pin their carriers while a class is loaded
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
     * Enters exclusively if nothing is to be decided; null if the mutex must decide.
     *
     * @param byThread whether the thread is about to open the entry's scope, and will close it
     */
    Holding enter(Caller who, boolean byThread) {
        Holding entry = tryEnter(who, byThread);
        return entry == null && freeSoon() && ThreadKinds.maySpin(Thread.currentThread())
                ? enterSoon(who, byThread)
                : entry;
    }

    /** Most sections are short, and to queue for one costs more than to look again. */
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

    /** As {@link #enter}, without looking twice. */
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

    /** Whether it may be worth to look again in a moment: somebody is inside who will leave by the gate, and nobody waits. */
    private boolean freeSoon() {
        return at instanceof Holding inside && inside.opening().head == null && !inside.gone();
    }

    /** Whether somebody is inside who will leave by the gate. */
    boolean taken() {
        return at instanceof Holding last && !last.gone();
    }

    /** What stands here now. Another later means that somebody has come, or that it has been shut. */
    Object seen() {
        return at;
    }

    /** Asked by the head, awake: whether those who run should be let alone a little longer. */
    boolean yields(Waiter head) {
        return !head.ended() && !timeIsUp(head, clock.nanoTime());
    }

    /** Whether nobody may pass over the waiter any more but to complete the two. */
    static boolean timeIsUp(Waiter head, long now) {
        return now - head.wokenNanos >= head.bargeNanos;
    }

    /** For how long a head may be passed over, with so many waiting, itself included. */
    static long bargeNanos(int waiting) {
        return Math.min(BARGE_NANOS, FULL_TURNS * BARGE_NANOS / waiting);
    }

    // under the mutex

    /** Nobody enters or leaves any more but under the mutex. @return who is inside and has come by the gate, or null */
    Holding shut() {
        Object found = at == null ? null : take();
        if (!(found instanceof Holding last)) {
            return null;
        }
        boolean inside = last.takeFromGate();
        Waiter head = last.opening().head;
        if (head != null) {
            head.passed += last.passes();
        }
        return inside ? last : null;
    }

    /** What stood here; overridden by a test of the tests. */
    Object take() {
        return AT.getAndSet(this, null);
    }

    /** It is free, and may be entered over {@code head}, if that isn't null. */
    void open(LocalGrant hold, Waiter head) {
        at = new Opening(hold, head);
    }

    /** As the other, but one is inside. @return false if that is on its way to the mutex by now, so that it isn't opened */
    boolean open(LocalGrant hold, Waiter head, Holding inside) {
        if (!inside.putAtGate(new Opening(hold, head))) {
            return false;
        }
        at = inside;
        return true;
    }

    /** Who is inside and will leave by the gate, or null. */
    Holding inside() {
        return at instanceof Holding last && !last.gone() ? last : null;
    }
}
