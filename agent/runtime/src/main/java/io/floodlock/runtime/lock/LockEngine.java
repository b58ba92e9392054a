package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.util.List;
import java.util.Optional;

/**
 * The lock engine: locks among all threads of all JVMs of one namespace. The runtime acquires every key of a call
 * through it. Thread-safe. Every failure is a {@link FloodlockFailure}.
 *
 * <p>An acquisition acquires all its keys, in one fixed order, or none. A key is re-entered if an open scope around
 * the calling thread holds it. The scopes around a thread are those that it has acquired and not closed, those that
 * it has {@linkplain LockScope#enter() entered}, and the scopes around these. A scope that is closed or lost is not
 * re-entered.
 *
 * <p>If a scope is closed while a transaction of the application's own is open, it leaves its keys to the transaction
 * until that has ended. For a caller in the transaction they are held as by a scope around it.
 */
public interface LockEngine extends AutoCloseable {

    /**
     * Acquires the keys, waiting on the calling thread, and leaves the scope on that thread until
     * {@link LockScope#close()}.
     */
    LockScope acquire(List<LockRequest> requests, LockTerms terms);

    /**
     * Acquires the keys without ever blocking, not even for the first connection to Redis. The scope is on no thread.
     *
     * <p>The listener is called on the calling thread if the result is known before this method returns, else on a
     * thread of the agent. The listener may block that thread; there are few of these, so a listener that blocks for
     * long delays others.
     */
    Pending acquireAsync(List<LockRequest> requests, LockTerms terms, Listener listener);

    /**
     * Acquires the keys of an open scope of this thread again, inside it and by the same terms, so that they stay
     * held after that scope has been closed. Never blocks, as {@link #acquireAsync}.
     */
    Pending acquireAgain(LockScope scope, Listener listener);

    /** The innermost open scope of the calling thread, or null. */
    LockScope current();

    /** Whether the calling thread is in an open scope, or in a transaction of the application's own that keeps keys. */
    default boolean around() {
        return current() != null;
    }

    /**
     * Fails with LOCK_LOST if a scope that is open around this thread is lost, or a key that a transaction of this
     * thread keeps. Cheap; never asks Redis.
     */
    void verifyCurrent();

    /**
     * The claims of the fenced scopes around this thread, each holding once, innermost first; the same list as long
     * as nothing has changed. Cheap; never asks Redis.
     */
    List<FenceClaim> claims();

    /**
     * Tries once to own {@code name} exclusively for this JVM. A failed try requests revocation, so that the present
     * owner's {@link Ownership.Listener#wanted()} is called.
     */
    Optional<Ownership> tryOwn(String name, Ownership.Listener listener);

    /**
     * Refuses further acquisitions, waits up to {@code floodlock.shutdown-wait} for open scopes, then ends this JVM's
     * sessions.
     */
    @Override
    void close();

    /**
     * Receives the result of an asynchronous acquisition: one call of {@link #acquired} or {@link #failed}, unless
     * {@link Pending#cancel()} returned true. An exception that it throws is logged and changes nothing.
     */
    interface Listener {

        /**
         * The result isn't known yet as {@link LockEngine#acquireAsync} is about to return. Called on the calling
         * thread, once at most, and before any other method. Must not block.
         */
        default void waits() {}

        /** All keys are held. The receiver of the scope must close it. */
        void acquired(LockScope scope);

        /** The acquisition failed; nothing is held. */
        void failed(FloodlockFailure failure);

        /**
         * {@link LockTerms#maxHold()} has passed while the scope was open: it is lost, and must still be closed.
         * Called at most once, on a thread of the agent, which it may block; {@link #acquired} may not have returned
         * yet.
         */
        void expired();
    }

    /** An asynchronous acquisition. Thread-safe. */
    interface Pending {

        /**
         * Cancels the acquisition.
         *
         * @return true if it was cancelled: nothing is or will be held, and the listener is never called. False if
         *     the result was known before: the listener has been or is being called
         */
        boolean cancel();
    }
}
