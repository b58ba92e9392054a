package io.floodlock.runtime.queue.method;

/**
 * Thrown by {@link TargetResolver} if a call has no instance to run on, or several. The message names the choices and
 * the remedy.
 */
public final class TargetMissingException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why a call can't run here now. */
    public enum Reason {
        /** No instance exists. This JVM may be one that never makes any. */
        NONE,
        /** There are several, and the call does not tell which of them to take. */
        SEVERAL,
        /** A container makes the instance and is not ready. */
        NOT_READY,
        /** There is an instance, but calls do not reach the method's body through it. */
        UNREACHED
    }

    private final Reason reason;

    TargetMissingException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
