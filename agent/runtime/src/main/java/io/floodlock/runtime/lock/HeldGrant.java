package io.floodlock.runtime.lock;

/** A grant that this JVM holds. Thread-safe. */
interface HeldGrant {

    Session session();

    /** The id of the request that it was granted to. */
    long grant();

    String name();
}
