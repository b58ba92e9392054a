package io.floodlock.runtime.lock.store;

/** A grant that this JVM holds. Thread-safe. */
public interface HeldGrant {

    Session session();

    /** The id of the request that it was granted to. */
    long grant();

    String name();
}
