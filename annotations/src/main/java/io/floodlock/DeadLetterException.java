package io.floodlock;

/**
 * Ends the future of a {@link Queued} call that was moved to the dead letters; the message names the last failure.
 */
public class DeadLetterException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public DeadLetterException(String message, Throwable cause) {
        super(message, cause);
    }
}
