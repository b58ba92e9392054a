package io.floodlock.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Statements of the agent's own that an application's transaction on one connection runs last, right before it commits:
 * they commit if and only if its own do. {@link LocalTransaction#atCommit} adds it, {@link LocalRole} calls it. Its
 * failures are {@code FloodlockFailure}s. As thread-safe as the connection.
 */
public interface CommitPart {

    /**
     * Runs the statements.
     *
     * @param connection in the transaction; not to be closed, committed or rolled back
     */
    void write(Connection connection) throws SQLException;

    /**
     * Called instead of {@link #write} before the application closes the connection without having ended the
     * transaction. Its pool then rolls it back, or a transaction manager commits it later.
     */
    void beforeClose(Connection connection) throws SQLException;

    /** How much there is to write; grows with each piece. */
    int size();

    /** Drops the pieces that were added last, so that this size is left: a savepoint was rolled back to. */
    void shorten(int size);

    /** The transaction has ended, whether it came to {@link #write} or not. */
    void ended(LocalTransaction.Outcome outcome);
}
