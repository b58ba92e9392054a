package io.floodlock.runtime.lock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A thread that waits for one key, parked; a virtual thread leaves its carrier to others. */
final class ParkedWaiter extends Waiter {

    /** Between the least and twice the usual section; past the most, to sleep and be woken costs little beside it. */
    private static final long LEAST_SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    private static final long MOST_SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** Looks at a free key before it is believed that nobody runs who would take it again. */
    private static final int FREE_LOOKS = 10;

    private final Thread thread = Thread.currentThread();

    ParkedWaiter(Mode mode, boolean patient, Who who, Ownership.Listener listener) {
        super(mode, patient, who, listener);
    }

    /**
     * Returns when it has ended, at the latest at {@code deadline}.
     *
     * @param deadline by nanoTime
     * @throws InterruptedException with nothing held
     */
    void await(LocalLock lock, long deadline) throws InterruptedException {
        while (!ended()) {
            if (Thread.interrupted()) {
                lock.abandon(this, End.WITHDRAWN);
                if (entry != null) {
                    entry.leave();
                    entry = null;
                }
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

    /** Enters, or stays awake for a moment: to be given the key then costs no wake-up. */
    private void compete(LocalLock lock) {
        boolean spins = Threads.maySpin(thread);
        if (spins) {
            int free = 0;
            while (free < FREE_LOOKS && lock.yields(this)) {
                free = lock.openAndFree() ? free + 1 : 0;
                Thread.onSpinWait();
            }
        }
        lock.compete(this);
        if (spins) {
            long usual = 2 * lock.sectionNanos();
            long spin = usual > MOST_SPIN_NANOS ? LEAST_SPIN_NANOS : Math.max(LEAST_SPIN_NANOS, usual);
            long until = System.nanoTime() + spin;
            while (!ended() && System.nanoTime() - until < 0) {
                Thread.onSpinWait();
            }
        }
        if (!ended()) {
            lock.sleep(this);
        }
    }

    @Override
    boolean competes() {
        return true;
    }

    @Override
    void wake() {
        LockSupport.unpark(thread);
    }
}
