package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;

/** A subscriber that has a context, as Reactor's do. The scope travels in the context from subscriber to publisher. */
interface ContextualSubscriber {

    /** The scope around the subscription, or null. */
    LockScope scope();

    /** A copy of the context that also contains the scope. */
    Object contextWith(LockScope scope);
}
