package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.thread.ThreadKinds;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that waits for one key, parked; a virtual thread leaves its carrier to others. Made by the lock engine and
 * used by its own thread, which calls {@link #await}; {@link #wake} may be called by any. A platform thread spins for
 * some microseconds before it enters and after it has found the key taken; see "Barging" in {@link Arbiter}.
 */
public final class ThreadWaiter extends Waiter {

    /**
     * A present head spins for twice the usual section, {@link #LEAST_SPIN_NANOS} at least. If that is more than
     * {@link #MOST_SPIN_NANOS}, it spins for the least only: a sleep and a wake-up cost little compared with so long
     * a section.
     */
    private static final long LEAST_SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    private static final long MOST_SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** Time between checks of the fast path: each check takes its cache line from the processor that uses the path. */
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(1);

    private final Thread thread = Thread.currentThread();
    private final boolean spins = ThreadKinds.maySpin(thread);

    public ThreadWaiter(LockMode mode, boolean patient, Caller who, Ownership.Listener listener) {
        super(mode, patient, who, listener);
    }

    /**
     * Waits until the waiter has ended, at the latest at {@code deadline}.
     *
     * @param deadline by nanoTime
     * @throws InterruptedException with nothing held
     */
    public void await(LocalLock lock, long deadline) throws InterruptedException {
        while (!ended()) {
            if (Thread.interrupted()) {
                withdraw(lock);
                throw new InterruptedException();
            }
            long left = deadline - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(lock, left);
                if (woken && !ended()) {
                    compete(lock);
                }
            } else {
                lock.abandon(this, End.TIMED_OUT);
            }
        }
    }

    /** Ends the wait and leaves what it has been given. */
    public void withdraw(LocalLock lock) {
        lock.abandon(this, End.WITHDRAWN);
        if (entry != null) {
            entry.leave();
            entry = null;
        }
    }

    /** Enters, or stays awake for a moment: being given the key then costs no wake-up. */
    private void compete(LocalLock lock) {
        if (spins) {
            letRun(lock);
        }
        if (ended()) {
            return;
        }
        lock.compete(this);
        if (spins) {
            long usual = 2 * lock.sectionNanos();
            long spin = usual > MOST_SPIN_NANOS ? LEAST_SPIN_NANOS : Math.max(LEAST_SPIN_NANOS, usual);
            long until = System.nanoTime() + spin;
            spinUntil(until);
        }
        if (!ended()) {
            lock.sleep(this);
        }
    }

    /** Lets running threads enter first, as long as the time isn't up and a scope is inside or others enter. */
    private void letRun(LocalLock lock) {
        Object before = lock;
        while (lock.fastPath().yields(this)) {
            Object now = lock.fastPath().seen();
            if (now == before && !lock.fastPath().taken()) {
                return;
            }
            before = now;
            // the running thread, or one that has just left and is about to sleep, may need this processor
            Thread.yield();
            spinUntil(System.nanoTime() + LOOK_NANOS);
        }
    }

    private void spinUntil(long nanos) {
        while (!ended() && System.nanoTime() - nanos < 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public boolean competes() {
        return true;
    }

    @Override
    public void wake() {
        LockSupport.unpark(thread);
    }
}
