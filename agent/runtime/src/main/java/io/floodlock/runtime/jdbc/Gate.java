package io.floodlock.runtime.jdbc;

import java.sql.SQLException;

/**
 * What stands between applications and their connections. Thread-safe. Its failures are {@code FloodlockFailure}s; the
 * connection turns them into the application's own exception classes.
 */
public interface Gate {

    /** Whether this thread is in a transaction or holds locks. False sends the call straight through, so it must be cheap. */
    boolean watching();

    /**
     * Called before a statement is made or run while {@link #watching()}.
     *
     * @return the connection's part in this thread's transaction, or null if there is no transaction
     */
    Enlistment enlist(TrackedConnection connection) throws SQLException;

    /** Whether what this thread does in databases is fenced. Only asked while {@link #watching()}; cheap. */
    boolean fenced();

    /** The fence's part in a transaction that begins on this connection, which is the handle next to the database. */
    Fenced fence(TrackedConnection connection) throws SQLException;

    /** Called before a commit of a connection that is in no transaction; throws to veto it. */
    void beforeCommit();
}
