package io.floodlock.runtime.call;

import io.floodlock.runtime.boundary.JtaTransactions;

/** Where a class constructs what may be transaction managers. @param known null where they are none */
record TransactionManagers(JtaTransactions known) {

    public void constructed(Object manager) {
        if (known != null) {
            known.add(manager);
        }
    }
}
