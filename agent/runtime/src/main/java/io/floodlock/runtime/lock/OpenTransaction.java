package io.floodlock.runtime.lock;

/**
 * An open transaction of the application's own, or a distributed one, which may keep the keys of scopes that close in
 * it. {@link OpenTransactions} finds it; {@code TransactionHolds} asks it to report its end. Two objects that stand for
 * the same transaction are equal. Thread-safe.
 */
public interface OpenTransaction {

    /** Whether it has not ended yet. */
    boolean open();

    /** Whether it holds a database connection, as far as this can be determined. */
    default boolean hasConnection() {
        return false;
    }

    /** Whether a statement has run in it on that connection. */
    default boolean hasWorked() {
        return false;
    }

    /** Whether it reads from a snapshot taken at its first read; may ask the database. */
    default boolean keepsSnapshot() {
        return false;
    }

    /**
     * Whether it ends by itself the connections that were used in it, even those that the application has closed
     * before.
     */
    default boolean endsConnections() {
        return false;
    }

    /**
     * Calls the keeper once the transaction has committed, rolled back, or is lost to the application. If that has
     * happened already, calls it at once or never. To be called at most once for all objects that are equal.
     *
     * <p>If possible, it also calls the keeper's {@link Keeper#verify} before it commits.
     */
    void onEnd(Keeper keeper);

    /** Keeps keys until the transaction has ended. */
    interface Keeper {

        /** @throws io.floodlock.runtime.failure.FloodlockFailure LOCK_LOST; the transaction must then roll back */
        void verify();

        /**
         * The transaction has ended; called on the thread that ends it. Throws nothing and does not block.
         *
         * @param known whether it ended as it was told to; false if it is not known what the database has done
         */
        void ended(boolean known);
    }
}
