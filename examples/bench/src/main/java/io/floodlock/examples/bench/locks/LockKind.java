package io.floodlock.examples.bench.locks;

import java.util.concurrent.CompletionStage;

/**
 * A kind of lock, as one JVM uses it. Two locks with the same name exclude each other across all JVMs, unless the
 * kind is local. An implementation has a public constructor that takes a {@link Place}. Thread-safe.
 */
public interface LockKind {

    /** An exclusive lock. Waits without a time limit. */
    Section exclusive(String name);

    /**
     * A shared lock: any number of holders at once, but never at the same time as an exclusive holder. Waits without
     * a time limit.
     */
    default Section shared(String name) {
        throw new UnsupportedOperationException(getClass() + " has no shared locks");
    }

    /** An exclusive lock that is refused at once if another thread holds it. */
    default Section atOnce(String name) {
        throw new UnsupportedOperationException(getClass() + " has no locks that are refused at once");
    }

    /** Acquires the lock exclusively for the lifetime of this JVM. The stage completes when the lock is held. */
    default CompletionStage<Void> hold(String name) {
        throw new UnsupportedOperationException(getClass() + " can't be held without a thread");
    }

    /** The number of round trips to a database that this JVM has made so far. */
    default long roundTrips() {
        return 0;
    }

    /** Called when this thread acquires no more locks; releases the resources kept for it. */
    default void threadEnds() {}

    /**
     * The addresses of the servers that a kind uses.
     *
     * @param flavor selects one of the locks that the class offers
     */
    record Place(String redisUrl, String jdbcUrl, String flavor) {}
}
