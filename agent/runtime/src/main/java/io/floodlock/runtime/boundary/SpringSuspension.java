package io.floodlock.runtime.boundary;

import java.lang.ref.WeakReference;

/**
 * The suspension of a Spring transaction, because a manager begins another one or runs a method in none.
 * {@link SpringTransactions} makes it, and explains when a transaction is apart.
 *
 * @param of the transaction that Spring showed as open on the thread
 * @param by the manager that suspended it and is about to begin another, or to run a method in none
 * @param apart the transaction whose connection that manager took off the thread; mostly the same one, null for none
 */
record SpringSuspension(SpringTransaction of, WeakReference<Object> by, SpringTransaction apart) {

    boolean isBy(Object manager) {
        return by.refersTo(manager);
    }
}
