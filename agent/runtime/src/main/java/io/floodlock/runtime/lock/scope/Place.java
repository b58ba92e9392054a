package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.Claim;
import io.floodlock.runtime.lock.local.Entry;
import java.util.List;

/** What keeps keys held, so that scopes inside it re-enter them. Thread-safe. */
interface Place {

    /** How it relies on a key; null if it doesn't. */
    Entry entry(String name);

    /** What it claims in databases; the same list as long as nothing has changed. */
    List<Claim> claims();

    /** What of it has been lost, or null. */
    FloodlockFailure loss();
}
