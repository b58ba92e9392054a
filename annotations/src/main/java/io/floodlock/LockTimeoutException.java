package io.floodlock;

/**
 * A key was not free within {@code waitTime}. The body did not run and nothing is held: safe to retry.
 */
public class LockTimeoutException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public LockTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
