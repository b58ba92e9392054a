package io.floodlock.runtime.call.around;

import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;

/**
 * Answers the queries of {@code io.floodlock.Floodlock} in a JVM with the agent: the fencing tokens of the current
 * scope, and the id of the current transaction. {@link FacadeLocks} acquires locks for the same class. Thread-safe.
 */
public final class Facade {

    private final Engines engines;
    private final CallerExceptions exceptions;

    public Facade(Engines engines, Class<?> caller) {
        this.engines = engines;
        this.exceptions = CallerExceptions.of(caller);
    }

    public long fencingToken() {
        try {
            return scope().token();
        } catch (FloodlockFailure e) {
            throw exceptions.translate(e);
        }
    }

    public long fencingToken(String key) {
        try {
            return scope().token(key);
        } catch (FloodlockFailure e) {
            throw exceptions.translate(e);
        }
    }

    public String transactionId() {
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
