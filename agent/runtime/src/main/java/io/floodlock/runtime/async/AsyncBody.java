package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;

/**
 * One call of a woven asynchronous method whose body has not run yet. {@code AsyncCall} makes it;
 * {@link AsyncScopeGuard} and the results of {@link AsyncResults} use it. Thread-safe.
 */
public interface AsyncBody {

    /**
     * Acquires the call's locks without blocking; see {@link LockEngine#acquireAsync}.
     *
     * @throws RuntimeException if a key can't be built
     */
    LockEngine.Pending acquire(LockEngine.Listener listener);

    /**
     * The scope in which the method was called, or null. A publisher may be subscribed to on another thread, and long
     * after the call.
     */
    LockScope around();

    /**
     * Captures the contexts that the application keeps with this thread, for the thread that runs the body; null where
     * none must be passed on.
     */
    ThreadContexts.Captured capture();

    /** Runs the body on this thread. The caller must have entered the scope. */
    Object run() throws Throwable;

    /** The last argument of the call. */
    Object lastArgument();

    /** As {@link #run()}, but with the given last argument instead of the caller's. */
    Object run(Object lastArgument) throws Throwable;

    /** Translates a failure into the exception that the application sees. */
    Throwable toCaller(Throwable failure);

    /** The site of the call, {@code com.shop.Orders.place}, for messages. */
    String site();
}
