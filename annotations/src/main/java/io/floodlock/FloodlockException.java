package io.floodlock;

/**
 * The root of what Floodlock throws at callers of annotated methods. Exceptions of the body are never wrapped in it.
 *
 * <p>Which of them are safe to retry is said on each class.
 */
public abstract class FloodlockException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The message says what happened, where, and what to do about it. */
    protected FloodlockException(String message, Throwable cause) {
        super(message, cause);
    }
}
