package io.floodlock;

/**
 * Completes the future of a {@link Queued} call that was moved to the dead letters. The message names the last
 * failure.
 */
public class DeadLetterException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public DeadLetterException(String message, Throwable cause) {
        super(message, cause);
    }
}
