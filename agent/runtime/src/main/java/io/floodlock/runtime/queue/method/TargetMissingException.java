package io.floodlock.runtime.queue.method;

/** Thrown by {@link TargetResolver} if a call has no instance to run on, or several; the message names the choices. */
public final class TargetMissingException extends Exception {

    private static final long serialVersionUID = 1L;

    TargetMissingException(String message) {
        super(message);
    }
}
