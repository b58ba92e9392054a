package io.floodlock.runtime.call.around;

import io.floodlock.runtime.async.ScopedCallback;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;

/** Where a class with asynchronous methods hands a callback to a library. Thread-safe. */
public final class CallbackSite {

    private final Class<?> type;
    private final Engines engines;

    /** @param type the callback's declared type */
    public CallbackSite(Class<?> type, Engines engines) {
        this.type = type;
        this.engines = engines;
    }

    /** The callback itself outside every scope. */
    public Object carry(Object callback) {
        LockEngine locks = engines.locksIfStarted();
        LockScope scope = locks == null || callback == null ? null : locks.current();
        return scope == null ? callback : ScopedCallback.in(scope, type, callback);
    }
}
