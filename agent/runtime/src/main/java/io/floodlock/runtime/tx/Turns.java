package io.floodlock.runtime.tx;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lets threads that want to ask a server the same thing pass one by one, so that the later find it known. Thread-safe. */
final class Turns {

    /*
     * A thread that waits here may hold the very connection that the one before it waits for (see Databases). So nobody waits
     * for long: whose turn hasn't come in time asks beside the others, as all would without turns.
     *
     *   WAITING -> AHEAD    the lock came in time; the next one waits until it is left
     *           -> BESIDE   it did not, or the thread is interrupted, which it stays
     */

    private static final long PATIENCE_MILLIS = 250;

    private final ReentrantLock turn = new ReentrantLock();

    /** Comes back at the latest after a quarter of a second; what is returned ends the turn. */
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
