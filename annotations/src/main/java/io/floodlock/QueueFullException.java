package io.floodlock;

/**
 * A queue held {@link Queued#capacity()} calls. Nothing was stored: safe to retry later.
 */
public class QueueFullException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public QueueFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
