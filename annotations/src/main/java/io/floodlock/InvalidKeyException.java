package io.floodlock;

/**
 * A key could not be built from the call's arguments: a value on the path is null, a value has a type without a text
 * for keys, or the call yields no key at all. The message names the path, the type of the value, and the spelling to
 * use instead. Or a key that the program passed itself is null, blank or too long. The body did not run.
 */
public class InvalidKeyException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public InvalidKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
