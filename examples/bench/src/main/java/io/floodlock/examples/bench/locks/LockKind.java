package io.floodlock.examples.bench.locks;

import java.util.concurrent.CompletionStage;

/**
 * A kind of lock, as one JVM uses it; two locks of one name exclude each other over all JVMs, unless the kind is local. An
 * implementation has a public constructor that takes a {@link Place}. Thread-safe.
 */
public interface LockKind {

    /** Waits as long as it takes. */
    Section exclusive(String name);

    /** Any number at once, none beside an exclusive one; waits as long as it takes. */
    default Section shared(String name) {
        throw new UnsupportedOperationException(getClass() + " has no shared locks");
    }

    /** Exclusive, refused at once where somebody else holds it. */
    default Section atOnce(String name) {
        throw new UnsupportedOperationException(getClass() + " can't be refused");
    }

    /** Takes it exclusively, for as long as this JVM lives; the stage ends when it is held. */
    default CompletionStage<Void> hold(String name) {
        throw new UnsupportedOperationException(getClass() + " can't be held without a thread");
    }

    /** How many round trips to a database this JVM has made so far. */
    default long roundTrips() {
        return 0;
    }

    /** This thread takes no more locks; what was kept for it goes. */
    default void threadEnds() {}

    /**
     * Where a kind finds its servers.
     *
     * @param flavor which of the locks that the class offers
     */
    record Place(String redisUrl, String jdbcUrl, String flavor) {}
}
