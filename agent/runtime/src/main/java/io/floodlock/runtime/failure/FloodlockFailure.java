package io.floodlock.runtime.failure;

/** A failure on its way to the caller; replaced there by the public exception that its kind names. */
public final class FloodlockFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Failure kind;

    FloodlockFailure(Failure kind, String message, Throwable cause) {
        // a refusal is usual, told as often as a call is made, and nobody sees this trace but the caller's exception's
        super(message, cause, true, kind != Failure.LOCK_TIMEOUT);
        this.kind = kind;
    }

    public Failure kind() {
        return kind;
    }
}
