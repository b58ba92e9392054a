package io.floodlock.runtime.boundary;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.OpenTransaction;

/**
 * One Spring transaction, or one method that Spring runs in none but with synchronization. It verifies the locks before
 * the commit, and reports the end to the keeper of the keys that were used in it. {@link SpringSynchronization} calls
 * it; {@link SpringTransactions} explains the states. Belongs to its thread, but may end on another one.
 */
final class SpringTransaction implements OpenTransaction {

    private final SpringTransactions transactions;
    private final boolean real;
    private volatile boolean registered;
    private volatile Keeper keeper;
    private volatile boolean ended;

    // used by its thread only

    /**
     * Whether its manager has taken its connection off the thread, so that code that runs there now can't write in it.
     */
    private boolean apart;

    /** The suspension that is about to happen; null for none. */
    private SpringSuspension suspension;

    SpringTransaction(SpringTransactions transactions, boolean real) {
        this.transactions = transactions;
        this.real = real;
    }

    @Override
    public boolean open() {
        return !ended;
    }

    /** Whether code that runs on the thread may write in it, also while another one is open inside it. */
    boolean reachable() {
        return real && !apart && !ended;
    }

    void apart(boolean now) {
        apart = now;
    }

    boolean apart() {
        return apart;
    }

    /** Called on the thread of the transaction, at least the first time: no other thread has it before. */
    @Override
    public void onEnd(Keeper newKeeper) {
        listen();
        keeper = newKeeper;
    }

    /** Registers with Spring, which from now on reports its suspension and its end. */
    void listen() {
        if (!registered) {
            transactions.register(this);
            registered = true;
        }
    }

    void suspension(SpringSuspension begun) {
        suspension = begun;
    }

    void suspended() {
        transactions.setAside(suspension);
    }

    void resumed() {
        transactions.resume(this, suspension);
        suspension = null;
    }

    /** Throws if a lock is lost; the exception rolls back and reaches the committing caller. */
    void beforeCommit() {
        Keeper registeredKeeper = keeper;
        if (registeredKeeper == null) {
            return;
        }
        try {
            registeredKeeper.verify();
        } catch (FloodlockFailure lost) {
            throw transactions.toCaller(lost);
        }
    }

    /** Reports the end to the keeper; only the first report counts. */
    void ended(boolean known) {
        if (ended) {
            return;
        }
        ended = true;
        transactions.forget(this);
        Keeper registeredKeeper = keeper;
        if (registeredKeeper != null) {
            registeredKeeper.ended(known);
        }
    }

    @Override
    public String toString() {
        return "Spring's transaction";
    }
}
