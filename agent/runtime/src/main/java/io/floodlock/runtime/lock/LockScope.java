package io.floodlock.runtime.lock;

/**
 * The keys that one call holds, from before its body to after it. Belongs to no thread: any may use and close it.
 *
 * <p>A scope inside another that re-entered a key keeps that key held until it is closed too, in whatever order the two are
 * closed.
 */
public interface LockScope {

    /**
     * The fencing token of the only key that this scope holds exclusively.
     *
     * @throws IllegalStateException if it holds none so, or several, or is closed
     */
    long token();

    /**
     * The fencing token under which {@code name} is held exclusively.
     *
     * @throws IllegalStateException if this scope and those around it hold no such key
     */
    long token(String name);

    /**
     * Fails once the scope is lost: the lease's deadline or its {@code maxHold} has passed, or Redis no longer knows the hold.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure LOCK_LOST
     */
    void verify();

    /**
     * Puts this scope on the calling thread: acquisitions there re-enter its keys, and commits there are vetoed once it is
     * lost. Several threads may have entered it at once, each any number of times. It opens nothing: the scope ends with
     * {@link #close()}, whoever is in it.
     */
    Entered enter();

    /**
     * Gives the keys back, or leaves them to the transactions of the application's own that are open on the closing thread,
     * which give them back as they end. Only the first call counts. Doesn't wait for Redis, but for up to 100 ms where another
     * JVM has just been refused a key of it that a thread took: who learns from the caller that the key is free finds it so. {@link #verify()} before it tells
     * whether the whole scope was held. Where the closing thread has acquired it by {@link LockEngine#acquire}, it is taken
     * off that thread.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure LOCK_LOST; the keys are given back, though a transaction may be open
     *     that has not ended: it doesn't tell. The caller must fail, so that the transaction does
     */
    void close();

    /**
     * As {@link #close()}, but no open transaction keeps the keys: for one who knows that nothing has happened under them that
     * a scope inside did not see. Never throws.
     */
    default void release() {
        close();
    }

    /** The scope's presence on one thread. */
    interface Entered extends AutoCloseable {

        /** Restores what was on the thread before. On any thread but the one that entered, and the second time, does nothing. */
        @Override
        void close();
    }
}
