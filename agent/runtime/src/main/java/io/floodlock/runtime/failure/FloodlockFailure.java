package io.floodlock.runtime.failure;

/**
 * A failure inside the agent, before it reaches the caller. The last frame before the caller replaces it by the
 * public exception that its {@link #kind()} names. A LOCK_TIMEOUT has no stack trace.
 */
public final class FloodlockFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Failure kind;

    FloodlockFailure(Failure kind, String message, Throwable cause) {
        // a timeout is normal and may occur at each call; the caller's exception has a stack trace of its own
        super(message, cause, true, kind != Failure.LOCK_TIMEOUT);
        this.kind = kind;
    }

    public Failure kind() {
        return kind;
    }
}
