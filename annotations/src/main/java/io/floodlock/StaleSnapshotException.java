package io.floodlock;

/**
 * A {@code fenced} method was called within a {@code REPEATABLE READ} or {@code SERIALIZABLE} transaction that had
 * read before. The method would see the data as they were before the lock was acquired, and would overwrite the
 * changes that earlier holders have written since. The transaction is rolled back: a retry of the whole transaction
 * is safe. It will fail again while the program is built that way. Call the method before the transaction's first
 * statement, or in a transaction of its own, or use {@code READ COMMITTED}.
 */
public class StaleSnapshotException extends FloodlockException {

    private static final long serialVersionUID = 1L;

    /** Called by the agent. The message states what happened, where, and the remedy. */
    public StaleSnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
