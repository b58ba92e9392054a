package io.floodlock.runtime.tx;

/** The part of one call in a transaction. The thread that entered it ends it, the innermost first. */
public interface TxScope {

    /**
     * Ends the scope after the body: commits or rolls back where the scope began the transaction, dooms it if necessary
     * where the scope joined it, and resumes the transaction that was suspended.
     *
     * @param thrown the body's exception, or null. The method's caller still gets it, with a failure of this call
     *     suppressed
     * @throws io.floodlock.runtime.failure.FloodlockFailure if the transaction did not end as the body did, if its
     *     outcome is unknown, or if its timeout had passed
     */
    void exit(Throwable thrown);
}
