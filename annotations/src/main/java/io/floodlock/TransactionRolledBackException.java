package io.floodlock;

/**
 * The transaction was rolled back although the body returned: a branch failed to prepare, the timeout passed, or code
 * in the body had marked the transaction for rollback. Nothing is committed: a retry is safe.
 */
public class TransactionRolledBackException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public TransactionRolledBackException(String message, Throwable cause) {
        super(message, cause);
    }
}
