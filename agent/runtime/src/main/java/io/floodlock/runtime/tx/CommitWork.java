package io.floodlock.runtime.tx;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Statements of the agent's own that a transaction runs last, right before it commits: the outbox of queues is one.
 * {@link TxEngine#atCommit} adds it; its methods are called on the thread that ends the transaction. The database in
 * which they run is the primary of a distributed transaction.
 */
public interface CommitWork {

    /**
     * Runs the statements. Not called where the transaction has used no database, or can only read.
     *
     * @param home the database of the connection
     * @param connection in the transaction; not to be closed, committed or rolled back
     */
    void write(TxHome home, Connection connection) throws SQLException;

    /** How much there is to write; grows with each piece. */
    int size();

    /** Drops the pieces that were added last, so that this size is left: a savepoint was rolled back to. */
    void shorten(int size);

    /** The transaction has ended, whether it came to {@link #write} or not. */
    void ended(HomeWork.End end);
}
