package io.floodlock.runtime.lock;

/**
 * The keys that one call holds, from before its body until after it. It belongs to no thread: any thread may use and
 * close it. {@link LockEngine} opens it.
 *
 * <p>If an inner scope re-entered a key of an outer one, the key stays held until both are closed, in whatever order.
 */
public interface LockScope {

    /**
     * The fencing token of the only key that this scope holds exclusively.
     *
     * @throws IllegalStateException if it holds no key exclusively, or several, or is closed
     */
    long token();

    /**
     * The fencing token under which {@code name} is held exclusively.
     *
     * @throws IllegalStateException if this scope and those around it hold no such key
     */
    long token(String name);

    /**
     * Fails if the scope is lost: the lease's deadline or its {@code maxHold} has passed, or Redis no longer knows
     * the grant.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure LOCK_LOST
     */
    void verify();

    /**
     * Puts this scope on the calling thread: acquisitions there re-enter its keys, and commits there are vetoed once
     * it is lost. Several threads may have entered it at once, each any number of times. Entering doesn't prolong the
     * scope: it ends with {@link #close()}, even if threads are still in it.
     */
    Entered enter();

    /**
     * Gives the keys back, or leaves them to the transactions of the application's own that are open on the closing
     * thread, which give them back when they end. Only the first call counts. {@link #verify()} before it tells
     * whether the whole scope was held. If the closing thread has acquired the scope by {@link LockEngine#acquire},
     * it is taken off that thread.
     *
     * <p>Doesn't wait for Redis, with one exception: if a try of another JVM has just been refused for a key of this
     * scope that a thread acquired, it waits for up to 100 ms. A caller that learns from this thread that the key is
     * free then finds it free.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure LOCK_LOST if a transaction may be open whose end can't be
     *     observed: the keys are given back before it has ended. The caller must fail, so that the transaction does
     */
    void close();

    /**
     * As {@link #close()}, but no open transaction keeps the keys: for a caller that knows that nothing has happened
     * under them that a scope inside did not see. Never throws.
     */
    default void release() {
        close();
    }

    /** The scope's presence on one thread. */
    interface Entered extends AutoCloseable {

        /**
         * Restores what was on the thread before. On a thread other than the one that entered, and from the second
         * call on, does nothing.
         */
        @Override
        void close();
    }
}
