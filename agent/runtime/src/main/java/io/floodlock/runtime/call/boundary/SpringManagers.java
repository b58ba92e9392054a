package io.floodlock.runtime.call.boundary;

import io.floodlock.runtime.boundary.SpringTransactions;

/** Where transaction managers of Spring's set transactions aside. */
public record SpringManagers(SpringTransactions known) {

    public void suspending(Object manager, Object transaction) {
        known.suspending(manager, transaction != null);
    }
}
