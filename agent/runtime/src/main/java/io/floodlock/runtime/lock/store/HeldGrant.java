package io.floodlock.runtime.lock.store;

/** A grant that this JVM holds, as the store's methods identify it. Thread-safe. */
public interface HeldGrant {

    Session session();

    /** The grant id: that of the request to which it was granted. */
    long grant();

    String name();
}
