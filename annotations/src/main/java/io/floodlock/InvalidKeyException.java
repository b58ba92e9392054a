package io.floodlock;

/**
 * A key could not be built from the call's arguments: a null on the way, an array, or an object without a text of its own. The
 * message names the path. Or a key that the program gave itself is null, blank or too long. The body did not run.
 */
public class InvalidKeyException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public InvalidKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
