package io.floodlock.runtime.lock.store;

import io.floodlock.runtime.lock.LockMode;

/** A request of this JVM for one key, under a grant id of its own. Sent again, it keeps the id. Thread-safe. */
public interface GrantRequest {

    /** Grows from request to request of this JVM, whatever the key. */
    long grant();

    String name();

    LockMode mode();

    /** Whether it queues behind the holders; else it is refused while they use the key. */
    boolean waits();

    /** For messages of others. */
    Caller caller();

    /** Its waiters have left, so it need not be sent. */
    boolean givenUp();

    /** It is about to be sent under this session. */
    void sentUnder(Session session);
}
