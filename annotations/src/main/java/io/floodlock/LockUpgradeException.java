package io.floodlock;

/**
 * A scope that holds a key shared asked for it exclusively. The body of the inner method did not run. A defect of the program:
 * take the key exclusively from the start.
 */
public class LockUpgradeException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public LockUpgradeException(String message, Throwable cause) {
        super(message, cause);
    }
}
