package io.floodlock.runtime.boundary;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.OpenTransaction;

/** One transaction of Spring's, or a method of its that runs in none. */
final class SpringTransaction implements OpenTransaction {

    private final SpringTransactions transactions;
    private final boolean real;
    private volatile boolean registered;
    private volatile Keeper keeper;
    private volatile boolean ended;

    // its thread's own

    /**
     * Whether its manager has taken its connection off the thread, so that nothing that runs there now can write in it.
     */
    private boolean apart;

    /** Why it is being set aside. */
    private SpringSuspension suspension;

    SpringTransaction(SpringTransactions transactions, boolean real) {
        this.transactions = transactions;
        this.real = real;
    }

    @Override
    public boolean open() {
        return !ended;
    }

    /** Whether what runs on the thread may write in it, also while another is begun inside it. */
    boolean reachable() {
        return real && !apart && !ended;
    }

    void apart(boolean now) {
        apart = now;
    }

    boolean apart() {
        return apart;
    }

    /** On the thread of the transaction, the first time at least: nobody else has got it before. */
    @Override
    public void onEnd(Keeper told) {
        listen();
        keeper = told;
    }

    /** Hears of its being set aside and of its end from now on. */
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

    /** What it throws rolls back, and reaches who commits. */
    void beforeCommit() {
        Keeper told = keeper;
        if (told == null) {
            return;
        }
        try {
            told.verify();
        } catch (FloodlockFailure lost) {
            throw transactions.toCaller(lost);
        }
    }

    /** The first word of the end counts. */
    void ended(boolean known) {
        if (ended) {
            return;
        }
        ended = true;
        transactions.forget(this);
        Keeper told = keeper;
        if (told != null) {
            told.ended(known);
        }
    }

    @Override
    public String toString() {
        return "Spring's transaction";
    }
}
