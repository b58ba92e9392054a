package io.floodlock.runtime.call.boundary;

import io.floodlock.runtime.boundary.JtaTransactions;

/** Where a class constructs what may be transaction managers. @param known null where they are none */
public record TransactionManagers(JtaTransactions known) {

    public void constructed(Object manager) {
        if (known != null) {
            known.add(manager);
        }
    }
}
