package io.floodlock;

/**
 * Ends the future of a {@link Queued} call whose body threw, in the JVM that ran it, an exception that is neither declared by the
 * method nor one of the JDK's unchecked exceptions. The message carries its class name and message.
 */
public class RemoteBodyException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public RemoteBodyException(String message, Throwable cause) {
        super(message, cause);
    }
}
