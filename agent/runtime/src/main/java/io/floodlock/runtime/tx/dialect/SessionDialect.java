package io.floodlock.runtime.tx.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * What one database product's sessions can differ in, such that one statement has different effects, or gives different
 * rows, in each. See {@link SessionState} for the text that describes a session. Thread-safe.
 */
public interface SessionDialect {

    /** Names of the settings to ask for that the database itself knows of; see {@link SessionState#UNSEEN} too. */
    Set<String> names(Connection own) throws SQLException;

    /** The session as it is now, a line for each part. In a transaction or not; changes nothing. */
    String read(Connection connection, Set<String> names) throws SQLException;

    /**
     * Sets the session's settings back, as far as setting them can do it. The caller reads again to see whether it
     * worked.
     *
     * @param now as read on that connection
     * @param before as it is to be
     */
    void restore(Connection connection, String now, String before) throws SQLException;

    /** In a transaction: takes a lock that ends with it, unless another session of the same database has it. */
    boolean tryLock(Connection connection, long key) throws SQLException;

    /**
     * In a transaction: makes the server refuse writes, until {@link #allowWrites} or a rollback to an earlier
     * savepoint.
     */
    void refuseWrites(Connection connection) throws SQLException;

    /** Ends {@link #refuseWrites}, and keeps what was done since. */
    void allowWrites(Connection connection) throws SQLException;

    /** Whether a statement failed only because an earlier error has doomed the transaction. */
    boolean isDoomed(SQLException e);
}
