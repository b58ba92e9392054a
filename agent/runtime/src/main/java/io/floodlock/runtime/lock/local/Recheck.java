package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.time.Scheduler;

/** Looks at one key from time to time as long as somebody waits for it. Guarded by the key's mutex. */
final class Recheck {

    /*
     * Who drives. What nobody tells has to be looked for: a lost push, a request that failed, a hold whose session ends
     * unheard. As long as somebody waits, one task of the timer, the driver, comes by: it sends again what is due, looks for
     * what stands in Redis's queue (Turn says how often), and looks at the table. Each event makes sure that a driver is under way (watch()), so that it can't be missing: it is
     * there, or the queue is empty, or a request is in flight whose reply or failure, which Redis's client owes within its
     * timeout, is such an event. A driver that finds nobody waiting ends. It is the lock's, not a waiter's: whoever leaves or
     * is cancelled leaves it alone, and a visit that is no longer needed only looks.
     *   - timer and answer: both take the mutex. The answer first: nothing is due. The timer first: the request is sent again
     *     with the same grant id, which the script answers in the same way, and the second reply finds another ask or none.
     *   - timer and cancel: the last waiter's leaving gives the ask up; the driver then finds none.
     */

    private final LocalLock lock;
    private final Arbiter arbiter;
    private final Scheduler timer;

    /** The next visit, or null. */
    private Scheduler.Task next;

    private long nextAt;

    Recheck(LocalLock lock, Arbiter arbiter, Scheduler timer) {
        this.lock = lock;
        this.arbiter = arbiter;
        this.timer = timer;
    }

    /** Lets it come, if somebody waits and nothing under way will wake this lock. */
    void watch() {
        PendingGrant ask = arbiter.ask();
        if (!arbiter.anybodyWaits() || (ask != null && ask.inFlight) || (ask == null && next != null)) {
            return;
        }
        long at = ask != null ? ask.repeatAt : System.nanoTime() + PendingGrant.repeatNanos();
        if (next != null) {
            if (at - nextAt >= 0) {
                return;
            }
            next.cancel();
        }
        nextAt = at;
        next = timer.after(Math.max(0, at - System.nanoTime()), lock::drive);
    }

    /** Nobody waits any more. */
    void forget() {
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    /** It has come. */
    void visited() {
        next = null;
    }
}
