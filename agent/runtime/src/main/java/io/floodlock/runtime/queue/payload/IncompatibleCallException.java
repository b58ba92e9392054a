package io.floodlock.runtime.queue.payload;

/**
 * Thrown by {@link ArgumentsCodec} if a well-formed call doesn't fit this JVM's version of the method; another JVM's
 * version may fit.
 */
public final class IncompatibleCallException extends Exception {

    private static final long serialVersionUID = 1L;

    IncompatibleCallException(String message) {
        super(message);
    }
}
