package io.floodlock.runtime.boundary;

import io.floodlock.runtime.jdbc.LocalTransaction;
import java.lang.ref.WeakReference;
import java.util.List;

/**
 * The suspension of a Spring transaction, because a manager begins another one or runs a method in none.
 * {@link SpringTransactions} makes it, and explains when a transaction is apart.
 *
 * @param of the transaction that Spring showed as open on the thread
 * @param by the manager that suspended it and is about to begin another, or to run a method in none
 * @param apart the transaction whose connection that manager took off the thread; mostly the same one, null for none
 * @param connections the transactions of connections in which the code that runs then is not to work
 */
record SpringSuspension(
        SpringTransaction of, WeakReference<Object> by, SpringTransaction apart, List<LocalTransaction> connections) {

    /** Called as the suspension begins, and as it ends. */
    void apply(boolean suspended) {
        if (apart != null) {
            apart.apart(suspended);
        }
        connections.forEach(each -> each.setAside(suspended));
    }

    boolean isBy(Object manager) {
        return by.refersTo(manager);
    }
}
