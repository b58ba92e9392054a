package io.floodlock;

/**
 * The arguments of a {@link Queued} call, or its result, can't be encoded. The message names the type and the type to
 * use instead. Nothing was stored.
 */
public class PayloadException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public PayloadException(String message, Throwable cause) {
        super(message, cause);
    }
}
