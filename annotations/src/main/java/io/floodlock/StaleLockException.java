package io.floodlock;

/**
 * A database has refused a transaction of a {@code fenced} method, because a later holder of the key has already
 * worked there. The transaction is rolled back, and nothing of it is committed. A retry that acquires the lock anew
 * is safe if the method had no other effects; earlier transactions of the same call may be committed.
 */
public class StaleLockException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public StaleLockException(String message, Throwable cause) {
        super(message, cause);
    }
}
