package io.floodlock;

/**
 * The superclass of all exceptions that Floodlock throws to callers of annotated methods and of {@link Floodlock}. An
 * exception that the body throws is never wrapped in it.
 *
 * <p>The Javadoc of each subclass states whether the body ran, and whether a retry is safe.
 */
public abstract class FloodlockException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The message states what happened, where, and the remedy. */
    protected FloodlockException(String message, Throwable cause) {
        super(message, cause);
    }
}
