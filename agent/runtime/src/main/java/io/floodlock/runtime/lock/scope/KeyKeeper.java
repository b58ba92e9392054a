package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.local.Holding;
import java.util.List;

/**
 * Keeps keys held for the code inside it. It is an open scope, or an open transaction of the application
 * ({@code TransactionHold}). Scopes that are acquired inside it re-enter its keys instead of waiting for them.
 * {@code ScopeStack} asks it. Thread-safe.
 */
interface KeyKeeper {

    /** The {@code Holding} by which this keeper relies on a key; null if it does not rely on that key. */
    Holding entry(String name);

    /** The fence claims of its keys in databases; the same list instance as long as nothing has changed. */
    List<FenceClaim> claims();

    /** The failure that describes a lost key; null if no key is lost. */
    FloodlockFailure loss();
}
