package io.floodlock;

/**
 * The arguments of a {@link Queued} call, or its result, can't travel: the message names the type and what to use instead. Nothing
 * was stored.
 */
public class PayloadException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public PayloadException(String message, Throwable cause) {
        super(message, cause);
    }
}
