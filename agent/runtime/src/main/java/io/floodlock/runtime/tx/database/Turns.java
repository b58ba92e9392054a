package io.floodlock.runtime.tx.database;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets threads ask a server the same question one after the other, so that the later ones find the answer known.
 * Thread-safe.
 */
final class Turns {

    /*
     * A thread that waits here may hold the very connection that the one before it waits for (see Databases). So no
     * thread waits for long: after the limit it asks beside the others, as all would without turns.
     *
     *   WAITING -> AHEAD    the lock was free in time; the next thread waits until it is released
     *           -> BESIDE   it did not, or the thread is interrupted, which it stays
     */

    private static final long PATIENCE_MILLIS = 250;

    private final ReentrantLock turn = new ReentrantLock();

    /** Returns at the latest after a quarter of a second; close the result to end the turn. */
    Turn next() {
        try {
            return turn.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS) ? turn::unlock : () -> {};
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return () -> {};
        }
    }

    /** To be ended by the thread that took it. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }
}
