package io.floodlock.runtime.call.boundary;

import io.floodlock.runtime.boundary.SpringTransactions;

/** The target of the call site in Spring's transaction managers that runs before a transaction is suspended. */
public record SpringManagers(SpringTransactions known) {

    /** @param transaction the manager's own transaction; null if the open one belongs to another manager */
    public void suspending(Object manager, Object transaction) {
        known.suspending(manager, transaction != null);
    }
}
