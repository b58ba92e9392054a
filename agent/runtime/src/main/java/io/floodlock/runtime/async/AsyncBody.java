package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;

/** One call of a woven method, whose body has not run yet. Thread-safe. */
public interface AsyncBody {

    /**
     * Takes the call's locks without blocking; see {@link LockEngine#acquireAsync}.
     *
     * @throws RuntimeException if a key can't be built
     */
    LockEngine.Pending acquire(LockEngine.Listener listener);

    /** The scope that the method was called in, or null. A publisher may be subscribed to elsewhere, and long after. */
    LockScope around();

    /**
     * What the application keeps with this thread, for whoever runs the body elsewhere; null where nothing is to be
     * taken along.
     */
    ThreadContexts.Captured capture();

    /** Runs the body on this thread; its scope is the caller's to enter. */
    Object run() throws Throwable;

    /** The last argument that the caller gave. */
    Object lastArgument();

    /** As {@link #run()}, but with that last argument instead of the caller's. */
    Object run(Object lastArgument) throws Throwable;

    /** What the application is to see of a failure. */
    Throwable toCaller(Throwable failure);

    /** {@code com.shop.Orders.place}, for messages. */
    String site();
}
