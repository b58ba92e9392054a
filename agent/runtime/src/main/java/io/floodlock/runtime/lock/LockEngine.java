package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.util.List;
import java.util.Optional;

/**
 * Locks among all threads of all JVMs of one namespace. Thread-safe. Every failure is a {@link FloodlockFailure}.
 *
 * <p>An acquisition takes all its keys in one fixed order, or none. Keys that open scopes around the calling thread hold are
 * re-entered: those are what the thread has acquired and not closed, what it has {@linkplain LockScope#enter() entered}, and
 * the scopes around these. A scope that is closed or lost is not re-entered.
 *
 * <p>A scope that is closed in an open transaction of the application's own leaves its keys to that, until it has ended: to
 * who is in the transaction they are held as by a scope around it.
 */
public interface LockEngine extends AutoCloseable {

    /** Takes the keys, waiting on this thread, and leaves the scope on it until {@link LockScope#close()}. */
    LockScope acquire(List<LockRequest> requests, LockTerms terms);

    /**
     * Takes the keys without ever blocking, not even for the first connection to Redis. The scope is on no thread.
     *
     * <p>The listener is called on the calling thread where the matter is decided before this method returns, else on a
     * thread of the agent, which it may block; there are few of these, so those who block long delay others.
     */
    Pending acquireAsync(List<LockRequest> requests, LockTerms terms, Listener listener);

    /**
     * Takes the keys of an open scope of this thread again, inside it and by the same terms: so they stay held after it has been
     * closed. As {@link #acquireAsync}.
     */
    Pending acquireAgain(LockScope scope, Listener listener);

    /** The innermost open scope of this thread, or null. */
    LockScope current();

    /** Whether this thread is in an open scope, or in a transaction of the application's own that keeps keys. */
    default boolean around() {
        return current() != null;
    }

    /**
     * Fails with LOCK_LOST if any scope that is open around this thread is lost, or what a transaction of it keeps; cheap,
     * never asks Redis.
     */
    void verifyCurrent();

    /**
     * What the fenced scopes around this thread claim, each entry once, innermost first; the same list as long as nothing has
     * changed. Cheap, and never asks Redis.
     */
    List<FenceClaim> claims();

    /**
     * Tries once to own {@code name} exclusively for this JVM. An unsuccessful try leaves word that this JVM wants it, so
     * that the owner hears {@link Ownership.Listener#wanted()}.
     */
    Optional<Ownership> tryOwn(String name, Ownership.Listener listener);

    /** Stops taking, waits up to {@code floodlock.shutdown-wait} for open scopes, then ends this JVM's sessions. */
    @Override
    void close();

    /**
     * Hears how an asynchronous acquisition ended: one call of {@link #acquired} or {@link #failed}, unless
     * {@link Pending#cancel()} returned true. What it throws is logged and changes nothing.
     */
    interface Listener {

        /**
         * The matter isn't decided yet as {@link LockEngine#acquireAsync} is about to return: called on the calling thread,
         * once at most, and before anything else is. Must not block.
         */
        default void waits() {}

        /** All keys are held. Whoever gets the scope must close it. */
        void acquired(LockScope scope);

        /** Nothing is held. */
        void failed(FloodlockFailure failure);

        /**
         * {@link LockTerms#maxHold()} has passed while the scope was open: it is lost, and must still be closed. Called at
         * most once, on a thread of the agent that may block; {@link #acquired} may not have returned by then.
         */
        void expired();
    }

    /** An asynchronous acquisition. Thread-safe. */
    interface Pending {

        /**
         * Withdraws the request.
         *
         * @return true: nothing is held nor will be, and the listener is never called. False: the matter was decided before,
         *     the listener has been or is being called
         */
        boolean cancel();
    }
}
