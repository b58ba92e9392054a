package io.floodlock.runtime.failure;

/** A failure on its way to the caller; replaced there by the public exception that its kind names. */
public final class FloodlockFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Failure kind;

    FloodlockFailure(Failure kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Failure kind() {
        return kind;
    }
}
