package io.floodlock.runtime.lock;

/** A transaction of the application's own. Equal to another that stands for the same one. Thread-safe. */
public interface OpenTransaction {

    /** Whether it has not ended yet. */
    boolean open();

    /** Whether it holds a database connection, as far as can be told. */
    default boolean hasConnection() {
        return false;
    }

    /** Whether a statement has run in it on that connection. */
    default boolean hasWorked() {
        return false;
    }

    /** Whether it reads what was there as it first read; may ask the database. */
    default boolean keepsSnapshot() {
        return false;
    }

    /** Whether it ends the connections that were used in it by itself, also those that the application has closed before. */
    default boolean endsConnections() {
        return false;
    }

    /**
     * Tells the keeper once it has committed, rolled back, or is lost to the application; at once, or never, if that
     * has happened already. Called once at most for each that is equal.
     *
     * <p>Where it can, it asks the keeper before it commits too.
     */
    void onEnd(Keeper keeper);

    /** What keeps keys until the transaction has ended. */
    interface Keeper {

        /** @throws io.floodlock.runtime.failure.FloodlockFailure LOCK_LOST; the transaction must then roll back */
        void verify();

        /**
         * It has ended; called on the thread that ends it. Throws nothing and does not block.
         *
         * @param known whether it ended as it was told to; false where nobody knows what the database has done
         */
        void ended(boolean known);
    }
}
