package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.jdbc.sql.Sql;
import java.sql.SQLException;
import java.sql.Savepoint;

/**
 * The fence's part in one transaction on one physical connection: it makes the claims of the fenced scopes around the
 * thread. {@code FencedTransaction} implements it and explains when and why claims are made. If any of these methods
 * throws a {@code FloodlockFailure}, the transaction is or must be rolled back. As thread-safe as the connection.
 */
public interface FencePart {

    /**
     * Makes the claims that are still missing. Called before a statement runs, a savepoint is set, or the driver's own
     * connection is given away.
     *
     * @param worked whether statements of the application have already run in this transaction
     */
    void beforeRun(boolean worked) throws SQLException;

    /** Called after a statement. It may have ended the transaction, where the database does so by itself. */
    void afterRun(Sql sql, SQLException failure);

    /** Called after a savepoint was set: claims made until now survive a rollback to it. */
    void savepoint(Savepoint set);

    /** Called after a rollback to a savepoint: claims made after that savepoint are undone. */
    void rolledBackTo(Savepoint savepoint);

    /**
     * The application has bypassed its handle, so the transaction may have been ended, and another begun, unseen. Its
     * claims must be made again.
     */
    void unseen();

    /** Called before the transaction is committed or prepared. */
    void beforeCommit() throws SQLException;

    /** The transaction or its connection has ended. */
    void ended(boolean committed);

    /**
     * Whether the database already knows the claims of this thread's scopes, so that a statement that only reads
     * needn't make them again.
     */
    boolean known();
}
