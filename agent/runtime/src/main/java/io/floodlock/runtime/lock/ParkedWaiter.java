package io.floodlock.runtime.lock;

import java.util.concurrent.locks.LockSupport;

/** A thread that waits for one key, parked; a virtual thread leaves its carrier to others. */
final class ParkedWaiter extends Waiter {

    private final Thread thread = Thread.currentThread();

    ParkedWaiter(Mode mode, boolean patient, String who, Ownership.Listener listener) {
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
            } else {
                lock.abandon(this, End.TIMED_OUT);
            }
        }
    }

    @Override
    void wake() {
        LockSupport.unpark(thread);
    }
}
