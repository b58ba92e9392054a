package io.floodlock;

/**
 * A transaction was used in a way that can't be made atomic: a connection with work already open, or a propagation rule broken.
 * The message says which, and what to do.
 */
public class IllegalTransactionException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public IllegalTransactionException(String message, Throwable cause) {
        super(message, cause);
    }
}
