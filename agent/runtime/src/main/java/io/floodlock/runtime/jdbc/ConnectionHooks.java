package io.floodlock.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The hooks that handles call when an application uses its connections. The transaction engine implements them.
 * Thread-safe. Their failures are {@code FloodlockFailure}s; the handle turns them into the application's own exception
 * classes.
 */
public interface ConnectionHooks {

    /**
     * Whether this thread is in a transaction or holds locks. If false, the call goes straight to the driver, so this
     * method must be cheap.
     */
    boolean watching();

    /**
     * Called before a statement is created or run while {@link #watching()}.
     *
     * @return the connection's part in this thread's transaction, or null if there is no transaction
     */
    Enlistment enlist(TrackedConnection connection) throws SQLException;

    /** Whether the work of this thread in databases is fenced. Called only while {@link #watching()}; cheap. */
    boolean fenced();

    /**
     * Creates the fence's part in a transaction that begins on a connection.
     *
     * @param source the DataSource that handed out the connection to the innermost handle, the one next to the database
     */
    FencePart fence(Object source, Connection connection) throws SQLException;

    /**
     * Reads the session of a connection before its first change, while this thread's transaction has no part of it yet.
     *
     * @return null if there is no transaction
     */
    SessionRead read(TrackedConnection connection) throws SQLException;

    /**
     * Whether anything is remembered about sessions. If not, it does not matter what a statement outside any
     * transaction does. Cheap.
     */
    boolean remembersSessions();

    /**
     * Reports that the session may have changed unseen since the source handed out the connection. Cheap; called at the
     * latest when the connection is closed.
     *
     * @param raw the connection as the source handed it out
     */
    void touched(Connection raw);

    /** Called before the commit of a connection that is in no distributed transaction; throws to veto the commit. */
    void beforeCommit();
}
