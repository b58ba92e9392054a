package io.floodlock;

/**
 * A key was not free within {@code waitTime}. The body did not run and no key is held: a retry is safe.
 *
 * <p>When it is thrown inside a {@code fenced} method: the key was free, but a transaction of an earlier holder was
 * still open in the database when the rest of {@code waitTime} had passed. The transaction that waited is rolled
 * back. A retry is safe if the method had no other effects.
 */
public class LockTimeoutException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public LockTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
