package io.floodlock;

/**
 * A key could not be built from the call's arguments: a null on the way, a value of a type that has no text for a key, a call
 * that comes to no key at all. The message names the path, the value's type and what to write instead. Or a key that the
 * program gave itself is null, blank or too long. The body did not run.
 */
public class InvalidKeyException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public InvalidKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
