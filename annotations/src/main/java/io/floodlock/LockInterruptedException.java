package io.floodlock;

/**
 * The thread was interrupted while it waited for a key. The body did not run, no key is held, and the thread's
 * interrupt flag is set again.
 */
public class LockInterruptedException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public LockInterruptedException(String message, Throwable cause) {
        super(message, cause);
    }
}
