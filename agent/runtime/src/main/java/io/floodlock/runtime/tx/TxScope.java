package io.floodlock.runtime.tx;

/** One call's part in a transaction. Ended by the thread that entered, innermost first. */
public interface TxScope {

    /**
     * Ends the scope after the body: commits or rolls back where the scope began the transaction, marks it where it
     * joined, and restores what was set aside.
     *
     * @param thrown what the body threw, or null. It stays what the caller sees, a failure here beside it
     * @throws io.floodlock.runtime.failure.FloodlockFailure if the transaction did not end as the body did, or nobody
     *     can tell, or its time was over
     */
    void exit(Throwable thrown);
}
