package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;

/** A subscriber that carries a context, as Reactor's do: a scope travels in it from subscriber to publisher. */
interface ContextualSubscriber {

    /** The scope around the subscription, or null. */
    LockScope scope();

    /** The context with that scope in it. */
    Object contextWith(LockScope scope);
}
