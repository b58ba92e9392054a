package io.floodlock.runtime.thread;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A mutex that is held only for moments. Sleeping until it is free takes many times as long as it is held, so a
 * platform thread that finds it taken spins for a few microseconds before it sleeps. {@code lock} never fails for
 * lack of memory.
 */
public final class SpinMutex extends ReentrantLock {

    private static final long serialVersionUID = 1;

    private static final int LOOKS = 200;

    @Override
    public void lock() {
        if (!tryLock() && !lockSoon()) {
            lockOrSpin();
        }
    }

    /**
     * Queues for the mutex. A place in the queue takes memory; without it the thread spins on instead, since the work
     * under the mutex must be done.
     */
    private void lockOrSpin() {
        try {
            super.lock();
        } catch (OutOfMemoryError e) {
            while (!tryLock()) {
                Thread.yield();
            }
        }
    }

    private boolean lockSoon() {
        if (!ThreadKinds.maySpin(Thread.currentThread())) {
            return false;
        }
        for (int looks = 0; looks < LOOKS; looks++) {
            Thread.onSpinWait();
            if (!isLocked() && tryLock()) {
                return true;
            }
        }
        return false;
    }
}
