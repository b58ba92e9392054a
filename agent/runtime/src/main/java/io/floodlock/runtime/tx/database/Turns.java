package io.floodlock.runtime.tx.database;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets threads ask a server the same question one after the other, so that the later ones find the answer known. It
 * only saves questions: a thread that has waited too long asks all the same. {@link Databases} and {@link Database} use
 * it. Thread-safe.
 */
final class Turns {

    /*
     * A thread that waits here may hold the very connection that the thread before it waits for (see Databases). So no
     * thread waits for long: after the limit it asks at the same time as the others, as all would without turns.
     *
     *   WAITING -> AHEAD    the lock was free in time; the next thread waits until it is released
     *           -> BESIDE   the lock was not free in time, or the thread was interrupted; its interrupt flag stays set
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

    /** One thread's turn; the thread that took it closes it. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }
}
