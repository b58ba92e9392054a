package io.floodlock.runtime.call.boundary;

import io.floodlock.runtime.boundary.SpringTransactions;

/**
 * Reports to {@link SpringTransactions} that a transaction manager of Spring is about to suspend the open transaction
 * of the thread. It is the target of the call site that runs before the suspension.
 */
public record SpringManagers(SpringTransactions known) {

    /** @param transaction the manager's own transaction; null if the open one belongs to another manager */
    public void suspending(Object manager, Object transaction) {
        known.suspending(manager, transaction != null);
    }
}
