package io.floodlock.runtime.call.around;

import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.queue.method.DirectCalls;
import java.time.Duration;

/**
 * Answers the queries of {@code io.floodlock.Floodlock} in a JVM with the agent: the fencing tokens of the current
 * scope, the id of the current transaction, and the control of queues. {@link FacadeLocks} acquires locks for the same
 * class. Thread-safe.
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

    public boolean direct(boolean value) {
        return DirectCalls.set(value);
    }

    public boolean pause(String queue, String key, boolean value) {
        try {
            return engines.queues().pause(queue, key, value);
        } catch (FloodlockFailure e) {
            throw exceptions.translate(e);
        }
    }

    public int changeLanes(String queue, int lanes) {
        try {
            return engines.queues().changeLanes(queue, lanes);
        } catch (FloodlockFailure e) {
            throw exceptions.translate(e);
        }
    }

    public void awaitIdle(String queue, Duration limit) {
        long unfinished;
        try {
            unfinished = engines.queues().awaitIdle(queue, limit);
        } catch (FloodlockFailure e) {
            throw exceptions.translate(e);
        }
        if (unfinished > 0) {
            throw new IllegalStateException("queue " + queue + " still has " + unfinished + " unfinished calls after "
                    + limit.toMillis() + " ms");
        }
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
