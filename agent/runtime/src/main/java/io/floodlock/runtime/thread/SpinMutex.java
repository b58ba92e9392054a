package io.floodlock.runtime.thread;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A mutex that is held for moments: to sleep until it is free takes many times as long as it will be held, so who finds it taken
 * looks again for a few microseconds first.
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

    /** A place in the queue takes memory. Who finds none looks on instead: what is to be done under the mutex must be done. */
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
