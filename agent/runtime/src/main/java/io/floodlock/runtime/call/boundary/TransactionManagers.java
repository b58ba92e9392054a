package io.floodlock.runtime.call.boundary;

import io.floodlock.runtime.boundary.JtaTransactions;

/**
 * The target of the call site in the constructors of a class whose instances may be JTA transaction managers.
 *
 * @param known null if they are not
 */
public record TransactionManagers(JtaTransactions known) {

    public void constructed(Object manager) {
        if (known != null) {
            known.add(manager);
        }
    }
}
