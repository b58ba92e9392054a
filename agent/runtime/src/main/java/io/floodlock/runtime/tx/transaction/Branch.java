package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.dialect.DatabaseFacts;
import io.floodlock.runtime.tx.name.Gid;
import java.sql.SQLException;

/**
 * The part of a transaction that one database has. Each step that asks the database has a limit: past it the connection
 * is broken, so that a database that does not answer holds no caller. Belongs to the transaction's thread, or to the
 * one that takes a step of its end; {@link #breakOffIfDue}, {@link #cancel} and {@link #evict} are for any thread.
 *
 * <pre>
 * commits in one phase   commitAlone, or commitRead where it only read
 * the primary            decide
 * any other              name, prepare, then commitPrepared or rollBack
 * rolls back             rollBack
 * a step has failed      abandon: nothing is known of the connection, and what is prepared is recovery's
 * </pre>
 *
 * {@link #leave} follows in any case.
 */
public interface Branch {

    Database database();

    /** Why there are two branches on one database, or null. */
    String apart();

    /** Whether nothing ran on it. */
    boolean untouched();

    /** Whether all that ran on it only reads, as far as its text tells. */
    boolean looksReadOnly();

    /** Whether its server agrees that leaving it out of the decision changes nothing for anyone. */
    boolean readOnly() throws SQLException;

    /** Claims for fenced scopes what is not claimed yet, before it is committed or prepared. */
    void claimBeforeEnd() throws SQLException;

    /** The error that the application caught, if the server has not got over it. */
    SQLException caughtError() throws SQLException;

    /** Null as long as it is certain not to be prepared. */
    Gid.BranchName name();

    /** It may be prepared from now on, under a name of that transaction. */
    void name(Gid gid);

    void prepare(long millis) throws SQLException;

    /**
     * Commits it together with the decision. From before it is sent, the transaction is {@link Transaction#deciding}.
     */
    void decide(DatabaseFacts host, Gid gid, String branches, long millis) throws SQLException;

    void commitPrepared(long millis) throws SQLException;

    /** Commits the only one that wrote. From before it is sent, the transaction is {@link Transaction#deciding}. */
    void commitAlone(long millis) throws SQLException;

    /** Commits what only read. */
    void commitRead(long millis) throws SQLException;

    /** Rolls back what is open, and what is prepared. */
    void rollBack(long millis) throws SQLException;

    /** Its connection can't be trusted any more, and what is prepared is recovery's. */
    void abandon();

    boolean inDoubt();

    /** Gives the connection back to the application, and a broken one's pool a chance to see that it is. */
    void leave();

    /** Breaks the connection if a step's limit has passed. */
    void abortIfOverdue();

    /** Ends the statement that is running. */
    void cancel();

    /** Breaks a connection that may hold anything, so that its pool throws it away. Throws if it may still be whole. */
    void evict() throws SQLException;

    /** In which its statements ran. */
    long millis();

    /** In which its statements ran, how many they were, and on which database; for messages. */
    String timeSpent();
}
