package io.floodlock.runtime.tx.dialect;

import io.floodlock.runtime.tx.name.Gid;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * How one database product takes part in a two-phase commit: the steps on a connection of the application, which
 * carries a transaction unless a method says otherwise. Sessions are compared by {@link #sessions}; what runs on
 * connections of our own is {@link #recovery}. Thread-safe.
 *
 * <p>A product can take part if it can prepare a transaction under a name, finish it from any connection, list what is
 * prepared with its age, and insert a decision and commit in one step. To support another one, implement this and the
 * two others, and add it to {@link TxDialects}.
 */
public interface TxDialect {

    /** As its driver names it. */
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
     * Prepares the transaction, and ends it on this connection. Fails if the transaction is aborted or no longer the
     * marked one, or if recovery could not finish what it prepares.
     *
     * @param mark as given to {@link #mark}, or null if it was not
     */
    void prepare(Connection connection, String name, String mark, RecoveryRole recoverer) throws SQLException;

    /**
     * Commits the transaction together with the decision, in one message. Fails, and commits nothing, if the
     * transaction is no longer the marked one, is so old that its tombstone may be gone, or if the table is not the one
     * that was asked about.
     *
     * @param branches that the decision binds, by comma
     * @param mark as given to {@link #mark}, or null if it was not
     */
    void decide(Connection connection, DatabaseFacts home, Gid gid, String branches, String mark) throws SQLException;

    /**
     * Finishes what is prepared. In no transaction, and each statement committing by itself.
     *
     * @return false if it was finished before
     */
    boolean finish(Connection connection, String name, boolean commit) throws SQLException;

    /** Whether an error at the end of a transaction makes it certain that nothing is committed, now or later. */
    boolean saysRolledBack(SQLException e);

    /** Whether {@link #decide} failed as the table of decisions is not the one that was known, or is missing. */
    boolean isTableGone(SQLException e);

    /** Why {@link #prepare} failed, and what would help; for messages. */
    String whyNotPrepared(SQLException e, String database, RecoveryRole recoverer);

    /** Why {@link #decide} failed, and what would help; for messages. */
    String whyNotDecided(SQLException e, DatabaseFacts home);
}
