package io.floodlock;

/**
 * The reply to the deciding commit was lost, and the decision can't be read. The transaction either has committed
 * everywhere or will be rolled back everywhere; recovery completes it. The message names the transaction. Never retry
 * before you know the outcome.
 */
public class TransactionOutcomeUnknownException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public TransactionOutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
