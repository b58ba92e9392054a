package io.floodlock.runtime.tx;

/** One call's part in a transaction. Ended by the thread that entered, innermost first. */
public interface TxScope {

    /**
     * Ends the scope after the body: commits or rolls back where the scope began the transaction, marks it where it joined,
     * and restores what was set aside.
     *
     * @param thrown what the body threw, or null. It stays the caller's: a failure here is added to it as suppressed
     * @throws io.floodlock.runtime.failure.FloodlockFailure if the body returned but the transaction did not commit, or
     *     nobody can tell
     */
    void exit(Throwable thrown);
}
