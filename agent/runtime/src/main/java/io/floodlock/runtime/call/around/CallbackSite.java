package io.floodlock.runtime.call.around;

import io.floodlock.runtime.async.ScopedCallback;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;

/**
 * The target of a call site at which a class with asynchronous methods passes a callback to a library. The callback
 * then runs in the scope that is open now, on whichever thread it runs; see {@link ScopedCallback}. Thread-safe.
 */
public final class CallbackSite {

    private final Class<?> type;
    private final Engines engines;

    /** @param type the callback's declared type */
    public CallbackSite(Class<?> type, Engines engines) {
        this.type = type;
        this.engines = engines;
    }

    /** The callback bound to the current scope; the callback itself if no scope is open. */
    public Object carry(Object callback) {
        LockEngine locks = engines.locksIfStarted();
        LockScope scope = locks == null || callback == null ? null : locks.current();
        return scope == null ? callback : ScopedCallback.in(scope, type, callback);
    }
}
