package io.floodlock;

/**
 * A database has refused a {@code fenced} method: a later holder of the key has worked there already. The transaction is rolled
 * back, and nothing of it was committed: safe to retry, with the lock taken anew, where the method did nothing else that counts
 * (other transactions of it may have been committed before).
 */
public class StaleLockException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public StaleLockException(String message, Throwable cause) {
        super(message, cause);
    }
}
