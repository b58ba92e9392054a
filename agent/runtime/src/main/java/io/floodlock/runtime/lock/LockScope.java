package io.floodlock.runtime.lock;

/** The keys that one call holds, from before its body to after it. Closed by the thread that opened it, innermost first. */
public interface LockScope {

    /**
     * The fencing token of the only key that this scope holds exclusively.
     *
     * @throws IllegalStateException if it holds none so, or several
     */
    long token();

    /**
     * The fencing token under which {@code name} is held exclusively.
     *
     * @throws IllegalStateException if this scope and those around it hold no such key
     */
    long token(String name);

    /**
     * Fails once the scope is lost: the lease's deadline has passed, or Redis no longer knows the hold.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure LOCK_LOST
     */
    void verify();

    /**
     * Gives the keys back, innermost scope first; never throws and never waits for Redis. {@link #verify()} before it tells
     * whether the whole scope was held.
     */
    void close();
}
