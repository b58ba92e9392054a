package io.floodlock.runtime.tx.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * The statements of one database product on its sessions: they read and restore the state of a session, test whether
 * two sessions have the same database, and make the server refuse writes for a time. The state comprises everything in
 * which two sessions can differ such that one statement has different effects, or gives different rows, in each.
 * {@link SessionState} describes its text. Thread-safe.
 */
public interface SessionDialect {

    /**
     * The names of the settings to read, as far as the database itself knows them; may include
     * {@link SessionState#UNSEEN}.
     */
    Set<String> names(Connection own) throws SQLException;

    /** The present state of the session, a line for each part. Works with or without a transaction; changes nothing. */
    String read(Connection connection, Set<String> names) throws SQLException;

    /**
     * Sets the session's settings back, as far as that is possible. The caller reads the state again to check the
     * result.
     *
     * @param now the state as read on that connection
     * @param before the state to set back to
     */
    void restore(Connection connection, String now, String before) throws SQLException;

    /**
     * Takes a lock that ends with the transaction, unless another session of the same database has it. Runs in a
     * transaction.
     */
    boolean tryLock(Connection connection, long key) throws SQLException;

    /**
     * Makes the server refuse writes, until {@link #allowWrites} or a rollback to an earlier savepoint. Runs in a
     * transaction.
     */
    void refuseWrites(Connection connection) throws SQLException;

    /** Ends {@link #refuseWrites}; the work done since then is kept. */
    void allowWrites(Connection connection) throws SQLException;

    /** Whether a statement failed only because an earlier error has doomed the transaction. */
    boolean isDoomed(SQLException e);
}
