package io.floodlock.runtime.tx.dialect;

import io.floodlock.runtime.tx.name.Gid;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The part of one database product in a two-phase commit: the steps on a connection of the application, which carries a
 * transaction unless a method says otherwise. {@link #sessions} compares sessions; {@link #recovery} has the statements
 * for connections of the agent. {@code JdbcBranch}, {@code Completion} and recovery call it. Thread-safe.
 *
 * <p>A product can take part if it can prepare a transaction under a name, finish it from any connection, list what is
 * prepared with its age, and insert a decision and commit in one step. To support another product, implement this
 * interface and the two others, and add it to {@link TxDialects}.
 */
public interface TxDialect {

    /** The product's name, as its driver gives it. */
    String product();

    SessionDialect sessions();

    RecoveryDialect recovery();

    /**
     * Marks the transaction, so that it can be distinguished from one that the application's SQL began in its place.
     */
    void mark(Connection connection, String id) throws SQLException;

    /** Whether it is still the transaction that was marked. */
    boolean sameMark(Connection connection, String id) throws SQLException;

    /** Whether an error has doomed the transaction. */
    boolean aborted(Connection connection) throws SQLException;

    /** Whether leaving the transaction out of the decision changes nothing for anyone. */
    boolean readOnly(Connection connection) throws SQLException;

    /**
     * Prepares the transaction, and ends it on this connection. Fails if the transaction is aborted, is no longer the
     * marked one, or could not be finished by recovery.
     *
     * @param mark as given to {@link #mark}, or null if the transaction was not marked
     */
    void prepare(Connection connection, String name, String mark, RecoveryRole recoverer) throws SQLException;

    /**
     * Commits the transaction together with the decision, in one message. Fails, and commits nothing, if the
     * transaction is no longer the marked one, if it is so old that its tombstone may have been deleted, or if the
     * table is not the one that {@code home} describes.
     *
     * @param branches the branches that the decision binds, separated by commas
     * @param mark as given to {@link #mark}, or null if the transaction was not marked
     */
    void decide(Connection connection, DatabaseFacts home, Gid gid, String branches, String mark) throws SQLException;

    /**
     * Commits or rolls back a prepared branch. Runs in no transaction, with each statement committing by itself.
     *
     * @return false if it was finished before
     */
    boolean finish(Connection connection, String name, boolean commit) throws SQLException;

    /** Whether an error at the end of a transaction makes it certain that nothing is committed, now or later. */
    boolean isRolledBack(SQLException e);

    /** Whether {@link #decide} failed because the decision table is not the known one, or is missing. */
    boolean isTableGone(SQLException e);

    /** The reason why {@link #prepare} failed, with the remedy; for messages. */
    String whyNotPrepared(SQLException e, String database, RecoveryRole recoverer);

    /** The reason why {@link #decide} failed, with the remedy; for messages. */
    String whyNotDecided(SQLException e, DatabaseFacts home);
}
