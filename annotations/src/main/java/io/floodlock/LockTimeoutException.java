package io.floodlock;

/**
 * A key was not free within {@code waitTime}. The body did not run and nothing is held: safe to retry.
 *
 * <p>From within a {@code fenced} method: the key was free, but a transaction of an earlier holder was still open in the database
 * when what was left of {@code waitTime} had passed. The transaction that waited is rolled back: safe to retry where the method
 * did nothing else that counts.
 */
public class LockTimeoutException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public LockTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
