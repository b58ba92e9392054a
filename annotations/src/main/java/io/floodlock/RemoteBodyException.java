package io.floodlock;

/**
 * Completes the future of a {@link Queued} call whose body threw an exception in the JVM that ran it, if the
 * exception is neither declared by the method nor one of the JDK's unchecked exceptions. The message contains the
 * class name and the message of that exception.
 */
public class RemoteBodyException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public RemoteBodyException(String message, Throwable cause) {
        super(message, cause);
    }
}
