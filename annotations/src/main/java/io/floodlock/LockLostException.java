package io.floodlock;

/**
 * The lease ended while the method ran, or its {@code maxHold} passed, so another may have held the key at the same time. The body has run, at least in
 * part; commits after the loss were vetoed. Retry only where the body is idempotent.
 */
public class LockLostException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public LockLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
