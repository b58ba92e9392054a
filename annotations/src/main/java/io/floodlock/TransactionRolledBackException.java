package io.floodlock;

/**
 * The transaction was rolled back although the body returned: a branch failed to prepare, the timeout passed, or a part of the
 * body had marked it. Nothing is committed: safe to retry.
 */
public class TransactionRolledBackException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public TransactionRolledBackException(String message, Throwable cause) {
        super(message, cause);
    }
}
