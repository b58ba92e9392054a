package io.floodlock.runtime.lock.store;

import io.floodlock.runtime.lock.LockMode;

/**
 * A request of this JVM for one key, under a grant id of its own. If it is sent again, it keeps the id.
 * {@link Bucket#acquire} sends it. Thread-safe.
 */
public interface GrantRequest {

    /** The grant id: grows from request to request of this JVM, over all keys. */
    long grant();

    String name();

    LockMode mode();

    /** Whether it queues until the holders give the key back; else it is refused while they use the key. */
    boolean waits();

    /** The thread and call that want the key, for messages in other JVMs. */
    Caller caller();

    /** Whether its waiters have left, so that it need not be sent. */
    boolean givenUp();

    /** It is about to be sent under this session. */
    void sentUnder(Session session);
}
