package io.floodlock.runtime.queue;

/** A well-formed call that this JVM's version of the method doesn't take; another JVM's may. */
final class IncompatibleCallException extends Exception {

    private static final long serialVersionUID = 1L;

    IncompatibleCallException(String message) {
        super(message);
    }
}
