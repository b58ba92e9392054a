package io.floodlock.runtime.call.boundary;

import io.floodlock.runtime.boundary.JtaTransactions;

/**
 * Adds each new instance of a class to {@link JtaTransactions}, which asks it for the open transaction. It is the
 * target of the call site in the constructors of a class whose instances may be JTA transaction managers.
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
