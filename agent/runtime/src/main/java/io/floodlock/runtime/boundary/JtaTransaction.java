package io.floodlock.runtime.boundary;

import io.floodlock.runtime.lock.OpenTransaction;

/**
 * One JTA transaction, to which a keeper can be connected. Equal to another if the transaction manager's objects are
 * equal. {@link JtaTransactions} makes it. Thread-safe.
 */
final class JtaTransaction implements OpenTransaction {

    private final JtaTransactions transactions;
    private final Object transaction;

    JtaTransaction(JtaTransactions transactions, Object transaction) {
        this.transactions = transactions;
        this.transaction = transaction;
    }

    @Override
    public boolean open() {
        return transactions.isActive(transaction);
    }

    @Override
    public boolean endsConnections() {
        return true;
    }

    @Override
    public void onEnd(Keeper keeper) {
        transactions.register(transaction, new JtaSynchronization(keeper, transactions::toCaller));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JtaTransaction same && transaction.equals(same.transaction);
    }

    @Override
    public int hashCode() {
        return transaction.hashCode();
    }

    @Override
    public String toString() {
        return "the transaction " + transaction;
    }
}
