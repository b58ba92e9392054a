package io.floodlock.runtime.boundary;

import java.lang.ref.WeakReference;

/**
 * A transaction of Spring's that was set aside.
 *
 * @param of what had been told last to be open on the thread
 * @param by the manager that set it aside and is about to begin another, or to run a method in none
 * @param apart the transaction whose connection that manager took off the thread: mostly the same, null for none
 */
record SpringSuspension(SpringTransaction of, WeakReference<Object> by, SpringTransaction apart) {

    boolean isBy(Object manager) {
        return by.refersTo(manager);
    }
}
