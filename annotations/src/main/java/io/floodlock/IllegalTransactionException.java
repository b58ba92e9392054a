package io.floodlock;

/**
 * A transaction was used in a way that can't be made atomic: a connection already had open work, or a
 * {@link Propagation} rule was violated. The message names the cause and the remedy.
 */
public class IllegalTransactionException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public IllegalTransactionException(String message, Throwable cause) {
        super(message, cause);
    }
}
