package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.dialect.DatabaseFacts;
import io.floodlock.runtime.tx.name.Gid;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The part of a transaction that one database carries, as the commit protocol sees it. Every step that asks the
 * database has a time limit in ms; past it the connection is broken, so that a database that does not answer can't hold
 * a caller. {@code Completion} calls the steps, {@link JdbcBranch} takes them. Belongs to the transaction's thread, or
 * to the thread that takes a step of its end; {@link #abortIfOverdue}, {@link #cancel} and {@link #evict} are for any
 * thread.
 *
 * <pre>
 * commits in one phase   commitAlone, or commitRead where it only read
 * the primary            decide
 * any other              name, prepare, then commitPrepared or rollBack
 * rolls back             rollBack
 * a step has failed      abandon: nothing is known of the connection, and recovery finishes what is prepared
 * </pre>
 *
 * <p>{@link #leave} follows in any case.
 */
public interface Branch {

    Database database();

    /** The reason why the transaction has two branches on one database, for messages; or null. */
    String apart();

    /**
     * Runs statements of the agent's own in the transaction; it counts as written to.
     *
     * @return what the statements return
     */
    boolean runOwn(OwnStatements statements) throws SQLException;

    /** Statements of the agent's own on a branch's connection. */
    interface OwnStatements {
        boolean run(Connection connection) throws SQLException;
    }

    /** Whether no statement ran on it. */
    boolean untouched();

    /** Whether all its statements only read, as far as their text shows. */
    boolean looksReadOnly();

    /** Whether its server agrees that leaving it out of the decision changes nothing for anyone. */
    boolean readOnly() throws SQLException;

    /** Claims for fenced scopes what is not claimed yet, before it is committed or prepared. */
    void claimBeforeEnd() throws SQLException;

    /** The error that the application caught, if it has doomed the transaction on the server; else null. */
    SQLException caughtError() throws SQLException;

    /** The name of the prepared branch; null as long as the branch is certainly not prepared. */
    Gid.BranchName name();

    /** Gives it a name of that transaction. From now on it may be prepared. */
    void name(Gid gid);

    void prepare(long millis) throws SQLException;

    /**
     * Commits it together with the decision. The transaction is {@link Transaction#deciding} from before the message is
     * sent.
     */
    void decide(DatabaseFacts host, Gid gid, String branches, long millis) throws SQLException;

    void commitPrepared(long millis) throws SQLException;

    /**
     * Commits the only branch that wrote. The transaction is {@link Transaction#deciding} from before COMMIT is sent.
     */
    void commitAlone(long millis) throws SQLException;

    /** Commits a branch that only read. */
    void commitRead(long millis) throws SQLException;

    /** Rolls back what is open, and what is prepared. */
    void rollBack(long millis) throws SQLException;

    /** Marks the branch in doubt: its connection can't be used any more, and recovery finishes what is prepared. */
    void abandon();

    /** Whether {@link #abandon} was called. */
    boolean inDoubt();

    /** Returns the connection to the application; of a broken one, lets its pool see that it is broken. */
    void leave();

    /** Breaks the connection if a step's time limit has passed. */
    void abortIfOverdue();

    /** Cancels the statement that is running, if there is one. */
    void cancel();

    /**
     * Breaks the connection, whatever its state, so that its pool discards it.
     *
     * @throws SQLException if the connection may still be usable
     */
    void evict() throws SQLException;

    /** The time that its statements took, in ms. */
    long millis();

    /** The time and number of its statements, the last one's verb and its database, for messages. */
    String timeSpent();
}
