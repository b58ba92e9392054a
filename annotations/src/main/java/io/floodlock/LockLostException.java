package io.floodlock;

/**
 * The lease ended while the method ran, or its {@code maxHold} passed, so another holder may have had the key at the
 * same time. The body has run, at least in part; commits after the loss were vetoed. Retry only if the body is
 * idempotent.
 */
public class LockLostException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public LockLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
