package io.floodlock;

/** A queue held {@link Queued#capacity()} unfinished calls. Nothing was stored: a later retry is safe. */
public class QueueFullException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public QueueFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
