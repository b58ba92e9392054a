package io.floodlock;

/**
 * Redis did not answer within the call's own time. The body did not run; the call may be repeated once Redis is back, without a
 * restart.
 */
public class FloodlockUnavailableException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public FloodlockUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
