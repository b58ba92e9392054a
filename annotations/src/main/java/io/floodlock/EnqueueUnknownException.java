package io.floodlock;

/**
 * Redis did not confirm a {@link Queued} call in time: the call may be stored, and may still run. The message names
 * the call's id. If the caller repeats the call, Redis stores a second message.
 */
public class EnqueueUnknownException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public EnqueueUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
