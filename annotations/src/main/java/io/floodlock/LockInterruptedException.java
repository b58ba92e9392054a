package io.floodlock;

/**
 * The thread was interrupted while it waited for a key. The body did not run, nothing is held, and the thread's interrupt flag
 * is set again.
 */
public class LockInterruptedException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public LockInterruptedException(String message, Throwable cause) {
        super(message, cause);
    }
}
