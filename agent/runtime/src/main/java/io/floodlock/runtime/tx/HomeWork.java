package io.floodlock.runtime.tx;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The agent's own work in a transaction: statements in one database, the work's home, that commit if and only if the
 * transaction commits. The inbox of a queue is one. {@link TxEngine#enter(TxAttributes, HomeWork)} takes it; its
 * methods are called on the transaction's thread.
 *
 * <pre>
 *   begin   first of all statements, where the home is known when the transaction begins; else after the body
 *   body
 *   end     last of all statements; not where the transaction rolls back
 *   ended   in any case
 * </pre>
 *
 * <p>The branch of the home is the transaction's primary: it is never prepared, so the work is decided by one COMMIT.
 */
public interface HomeWork {

    /** How the transaction ended, as far as this JVM knows. */
    enum End {
        /** It committed in every database. */
        COMMITTED,
        /** It committed, but one branch at least has not received the decision. Recovery finishes it. */
        IN_DOUBT,
        /** It rolled back. */
        ROLLED_BACK,
        /** Whether it committed is not known. */
        UNKNOWN
    }

    /**
     * The database of the work.
     *
     * @param last whether the body has run
     * @return null if this JVM has not used that database yet; the transaction then asks again after the body
     * @throws io.floodlock.runtime.failure.FloodlockFailure if the work can't be done there, or if the database is
     *     still unknown at {@code last}
     */
    TxHome home(boolean last);

    /**
     * The first statements.
     *
     * @param home the branch's connection, in the transaction; not to be closed, committed or rolled back
     * @param gid the global id of the transaction
     * @return false to roll the transaction back without running the body
     */
    boolean begin(Connection home, String gid) throws SQLException;

    /** The last statements, after those of the body. */
    void end(Connection home) throws SQLException;

    /** The transaction has ended; if {@link #begin} was not called, without this work. */
    void ended(End end);
}
