package io.floodlock.runtime.lock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A thread that waits for one key, parked; a virtual thread leaves its carrier to others. */
final class ParkedWaiter extends Waiter {

    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final boolean SEVERAL_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;

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
        lock.compete(this);
        if (spins()) {
            long until = System.nanoTime() + SPIN_NANOS;
            while (!ended() && System.nanoTime() - until < 0) {
                Thread.onSpinWait();
            }
        }
        if (!ended()) {
            lock.sleep(this);
        }
    }

    /** Another must be able to run meanwhile; a virtual thread would keep its carrier from them. */
    private boolean spins() {
        return SEVERAL_PROCESSORS && !Threads.virtual(thread);
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
