package io.floodlock;

/**
 * Redis did not confirm a call in time: it may be stored and may still run. The message names the call's id. Repeating the call
 * makes a second message.
 */
public class EnqueueUnknownException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public EnqueueUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
