package io.floodlock.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What stands between applications and their connections. Thread-safe. Its failures are {@code FloodlockFailure}s; the
 * connection turns them into the application's own exception classes.
 */
public interface ConnectionHooks {

    /**
     * Whether this thread is in a transaction or holds locks. False sends the call straight through, so it must be
     * cheap.
     */
    boolean watching();

    /**
     * Called before a statement is made or run while {@link #watching()}.
     *
     * @return the connection's part in this thread's transaction, or null if there is no transaction
     */
    Enlistment enlist(TrackedConnection connection) throws SQLException;

    /** Whether what this thread does in databases is fenced. Only asked while {@link #watching()}; cheap. */
    boolean fenced();

    /**
     * The fence's part in a transaction that begins on a connection.
     *
     * @param source what handed the connection out to the handle next to the database
     */
    FencePart fence(Object source, Connection connection) throws SQLException;

    /**
     * The session of a connection that this thread's transaction has no part of yet, before its first change.
     *
     * @return null where there is no transaction
     */
    SessionRead read(TrackedConnection connection) throws SQLException;

    /**
     * Whether anything is remembered of sessions, so that it matters what a statement outside any transaction does.
     * Cheap.
     */
    boolean remembersSessions();

    /**
     * The session of a connection, as the source handed it out, may have changed unseen. Cheap; called at the latest as
     * it is closed.
     */
    void touched(Connection raw);

    /** Called before a commit of a connection that is in no transaction; throws to veto it. */
    void beforeCommit();
}
