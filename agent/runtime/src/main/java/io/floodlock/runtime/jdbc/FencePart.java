package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.jdbc.sql.Sql;
import java.sql.SQLException;
import java.sql.Savepoint;

/**
 * The fence's part in one transaction on one physical connection. A {@code FloodlockFailure} of any of these means that
 * the transaction is or must be rolled back. As safe for threads as the connection.
 */
public interface FencePart {

    /**
     * Before a statement runs, a savepoint is set, or the driver's own connection is given away.
     *
     * @param worked whether the application's statements have run in this transaction before
     */
    void beforeRun(boolean worked) throws SQLException;

    /** After a statement: it may have ended the transaction, where the database does so by itself. */
    void afterRun(Sql sql, SQLException failure);

    /** A savepoint is set: what is claimed by now outlasts a rollback to it. */
    void savepoint(Savepoint set);

    /** The transaction was rolled back to a savepoint, and what was claimed after it is undone. */
    void rolledBackTo(Savepoint savepoint);

    /**
     * The application has worked past its handle, so that the transaction may have been ended, and another begun,
     * unseen: what it has claimed is claimed again.
     */
    void unseen();

    /** Before the transaction is committed or prepared. */
    void beforeCommit() throws SQLException;

    /** The transaction has ended, or its connection. */
    void ended(boolean committed);

    /**
     * Whether the database knows already what this thread's scopes claim, so that who only reads needn't claim it
     * again.
     */
    boolean known();
}
