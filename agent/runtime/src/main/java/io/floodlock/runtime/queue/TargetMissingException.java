package io.floodlock.runtime.queue;

/** No instance can be found to run a call on, or several; the message names the choices. */
final class TargetMissingException extends Exception {

    private static final long serialVersionUID = 1L;

    TargetMissingException(String message) {
        super(message);
    }
}
