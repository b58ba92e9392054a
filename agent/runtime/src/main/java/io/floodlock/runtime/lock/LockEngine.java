package io.floodlock.runtime.lock;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Locks among all threads of all JVMs of one namespace. Thread-safe. Every failure is a
 * {@link io.floodlock.runtime.failure.FloodlockFailure}.
 */
public interface LockEngine extends AutoCloseable {

    /**
     * Takes all requested keys in one fixed order, or none. Keys that an enclosing scope of this thread holds are re-entered.
     *
     * @param waitTime over all keys together; zero refuses at once if another holds one
     * @param site the call, {@code com.shop.Orders.place}, for messages
     */
    LockScope acquire(List<LockRequest> requests, Duration waitTime, String site);

    /** The innermost scope of this thread, or null. */
    LockScope current();

    /** Fails with LOCK_LOST if any scope that is open on this thread is lost; cheap, never asks Redis. */
    void verifyCurrent();

    /**
     * Tries once to own {@code name} exclusively for this JVM. An unsuccessful try leaves word that this JVM wants it, so
     * that the owner hears {@link Ownership.Listener#wanted()}.
     */
    Optional<Ownership> tryOwn(String name, Ownership.Listener listener);

    /** Stops taking, waits up to {@code floodlock.shutdown-wait} for open scopes, then ends this JVM's sessions. */
    @Override
    void close();
}
