package io.floodlock.runtime.call;

import io.floodlock.runtime.tx.TxScope;

/** What a woven body runs under; either may be null. */
record Permit(Held locks, TxScope transaction) {

    /** What went wrong while leaving, or null. */
    Throwable end(Throwable thrown) {
        Throwable failure = null;
        if (transaction != null) {
            try {
                transaction.exit(thrown);
            } catch (Throwable e) {
                failure = e;
            }
        }
        if (locks != null) {
            try {
                if (failure == null) {
                    locks.scope().verify();
                }
            } catch (Throwable e) {
                failure = e;
            }
            try {
                locks.scope().close();
            } catch (Throwable e) {
                failure = failure == null ? e : failure;
            }
        }
        return failure;
    }
}
