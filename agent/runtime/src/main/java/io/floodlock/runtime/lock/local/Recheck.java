package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.time.Scheduler;

/**
 * Checks one key periodically as long as a waiter waits for it, so that a lost push, a failed request or an ended
 * session can't leave waiters waiting for ever. One task of the timer for each key, owned by its {@link LocalLock};
 * guarded by the key's mutex.
 */
final class Recheck {

    /*
     * Some changes arrive without a message: a push is lost, a request fails, a session ends unnoticed. As long as a
     * waiter waits, one task of the timer visits the lock (LocalLock.drive()). It sends a due request again, looks up
     * the place of a queued one (QueuePlace says how often), or runs the arbiter's state table.
     *
     * Each event makes sure that such a task is scheduled (watch()), so it can't be missing: it is scheduled, or the
     * queue is empty, or a request is in flight. In the last case Redis's client owes a reply or a failure within its
     * timeout, and that is such an event. A visit that finds no waiter schedules no other. The task belongs to the
     * lock, not to a waiter: a waiter that leaves or is cancelled doesn't touch it, and a visit that is no longer
     * needed only checks.
     *
     * Races:
     *   - timer and reply: both take the mutex. If the reply is first, nothing is due. If the timer is first, the
     *     request is sent again with the same grant id; the script gives the same answer, and the second reply finds
     *     another request or none.
     *   - timer and cancellation: when the last waiter leaves, the request is given up; the visit then finds none.
     */

    private final LocalLock lock;
    private final Arbiter arbiter;
    private final Scheduler timer;

    /** The scheduled visit, or null. */
    private Scheduler.Task next;

    private long nextAt;

    Recheck(LocalLock lock, Arbiter arbiter, Scheduler timer) {
        this.lock = lock;
        this.arbiter = arbiter;
        this.timer = timer;
    }

    /** Schedules a visit, if a waiter waits and no message under way will cause an event of this lock. */
    void watch() {
        PendingGrant pending = arbiter.ask();
        if (!arbiter.anybodyWaits() || (pending != null && pending.inFlight) || (pending == null && next != null)) {
            return;
        }
        long at = pending != null ? pending.repeatAt : System.nanoTime() + PendingGrant.repeatNanos();
        if (next != null) {
            if (at - nextAt >= 0) {
                return;
            }
            next.cancel();
        }
        nextAt = at;
        next = timer.after(Math.max(0, at - System.nanoTime()), lock::drive);
    }

    /** Cancels the scheduled visit: no waiter is left. */
    void forget() {
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    /** The scheduled visit has begun. */
    void visited() {
        next = null;
    }
}
