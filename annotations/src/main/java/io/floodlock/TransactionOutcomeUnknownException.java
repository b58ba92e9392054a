package io.floodlock;

/**
 * The deciding commit's reply was lost and the decision can't be read: the transaction has committed everywhere or will be
 * rolled back everywhere, and recovery sees to it. The message names the transaction. Never retry blindly.
 */
public class TransactionOutcomeUnknownException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public TransactionOutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
