package io.floodlock.runtime.call.around;

import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.tx.TxScope;

/**
 * The permit of a woven body with a transaction: the scope of its locks, if any, and its transaction. If a body has
 * only locks, its {@link LockScope} itself is the permit. If it has neither, because it is only queued, the permit is
 * null.
 *
 * @param locks null if the body has no locks
 */
record CallScope(LockScope locks, TxScope transaction) {

    /**
     * Ends the transaction, then verifies and closes the locks' scope. The locks are closed in any case; they are
     * verified unless the transaction has failed.
     *
     * @return the first failure, or null
     */
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
