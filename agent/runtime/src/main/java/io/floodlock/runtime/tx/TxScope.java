package io.floodlock.runtime.tx;

/**
 * One call of a transactional method, from {@link TxEngine#enter} to {@link #exit}. The call has begun a transaction,
 * has joined the open one, or runs in none. The thread that entered a scope ends it, inner scopes before outer ones.
 */
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
