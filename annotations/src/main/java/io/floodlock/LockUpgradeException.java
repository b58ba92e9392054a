package io.floodlock;

/**
 * A scope that holds a key shared requested it exclusively. The body of the inner method did not run. This is a
 * defect of the program: acquire the key exclusively from the start.
 */
public class LockUpgradeException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public LockUpgradeException(String message, Throwable cause) {
        super(message, cause);
    }
}
