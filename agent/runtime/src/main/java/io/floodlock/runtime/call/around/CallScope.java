package io.floodlock.runtime.call.around;

import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.tx.TxScope;

/**
 * What a woven body with a transaction runs under. Where there are only locks, their scope is the permit itself, and where there
 * is neither, as in a body that is only queued, there is none.
 */
record CallScope(LockScope locks, TxScope transaction) {

    /** What went wrong while leaving, or null. */
    static Throwable end(Object permit, Throwable thrown) {
        if (permit == null) {
            return null;
        }
        if (permit instanceof LockScope locks) {
            return end(locks, null, true);
        }
        CallScope both = (CallScope) permit;
        Throwable failure = null;
        try {
            both.transaction.exit(thrown);
        } catch (Throwable e) {
            failure = e;
        }
        return both.locks == null ? failure : end(both.locks, failure, failure == null);
    }

    private static Throwable end(LockScope locks, Throwable before, boolean verifies) {
        Throwable failure = before;
        try {
            if (verifies) {
                locks.verify();
            }
        } catch (Throwable e) {
            failure = e;
        }
        try {
            locks.close();
        } catch (Throwable e) {
            failure = failure == null ? e : failure;
        }
        return failure;
    }
}
