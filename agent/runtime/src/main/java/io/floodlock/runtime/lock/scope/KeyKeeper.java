package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.local.Holding;
import java.util.List;

/** What keeps keys held, so that scopes inside it re-enter them. Thread-safe. */
interface KeyKeeper {

    /** How it relies on a key; null if it doesn't. */
    Holding entry(String name);

    /** What it claims in databases; the same list as long as nothing has changed. */
    List<FenceClaim> claims();

    /** What of it has been lost, or null. */
    FloodlockFailure loss();
}
