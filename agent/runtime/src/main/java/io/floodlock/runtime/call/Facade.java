package io.floodlock.runtime.call;

import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;

/** What {@code io.floodlock.Floodlock} answers in a JVM with the agent. */
final class Facade {

    private final Engines engines;

    Facade(Engines engines) {
        this.engines = engines;
    }

    long fencingToken() {
        return scope().token();
    }

    long fencingToken(String key) {
        return scope().token(key);
    }

    String transactionId() {
        return engines.transactions().currentId();
    }

    private LockScope scope() {
        LockEngine locks = engines.locksIfStarted();
        LockScope scope = locks == null ? null : locks.current();
        if (scope == null) {
            throw new IllegalStateException("this thread holds no lock; ask for a fencing token inside a method with"
                    + " @PessimisticLock, on the thread that runs it");
        }
        return scope;
    }
}
