package io.floodlock.runtime.boundary;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.OpenTransaction;

/** One transaction of Spring's. */
final class SpringTransaction implements OpenTransaction {

    private final SpringTransactions transactions;
    private volatile Keeper keeper;
    private volatile boolean ended;

    SpringTransaction(SpringTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public boolean open() {
        return !ended;
    }

    /** On the thread of the transaction: nobody else has got it before. */
    @Override
    public void onEnd(Keeper told) {
        transactions.register(this);
        keeper = told;
    }

    void suspended() {
        transactions.setAside();
    }

    void resumed() {
        transactions.resume(this);
    }

    /** What it throws rolls back, and reaches who commits. */
    void beforeCommit() {
        try {
            keeper.verify();
        } catch (FloodlockFailure lost) {
            throw transactions.toCaller(lost);
        }
    }

    /** The first word of the end counts. */
    void ended(boolean known) {
        if (!ended) {
            ended = true;
            transactions.setAside();
            keeper.ended(known);
        }
    }

    @Override
    public String toString() {
        return "Spring's transaction";
    }
}
