package io.floodlock;

/**
 * Redis did not answer within the time limit of the call. The body did not run. The call may be repeated once Redis
 * is available again; the JVM needs no restart.
 */
public class FloodlockUnavailableException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public FloodlockUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
