package io.floodlock;

/**
 * A {@code fenced} method was called within a {@code REPEATABLE READ} or {@code SERIALIZABLE} transaction that had read before:
 * it would see the data as they were before the lock was taken, and overwrite what earlier holders have written since. The
 * transaction is rolled back: safe to retry as a whole. It will not succeed while it is built that way, so call the method before
 * the transaction's first statement, in a transaction of its own, or use {@code READ COMMITTED}.
 */
public class StaleSnapshotException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Made by the agent; the message says what happened, where, and what to do about it. */
    public StaleSnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
