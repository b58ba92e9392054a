package io.floodlock.runtime.queue;

/** A call has no instance to run on, or several; the message names the choices. */
final class TargetMissingException extends Exception {

    private static final long serialVersionUID = 1L;

    TargetMissingException(String message) {
        super(message);
    }
}
