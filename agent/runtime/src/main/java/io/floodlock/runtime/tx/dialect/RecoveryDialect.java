package io.floodlock.runtime.tx.dialect;

import io.floodlock.runtime.tx.name.Gid;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The statements of one database product on decisions and prepared branches, for recovery and the search for a lost
 * decision. Every method is for connections of the agent, which commit each statement by itself unless the method says
 * otherwise. Thread-safe.
 */
public interface RecoveryDialect {

    /** Reads the facts of the database. Creates nothing. */
    DatabaseFacts facts(Connection own, String name) throws SQLException;

    /** Creates what is missing of the decision table, where the role may, and returns the facts after that. */
    DatabaseFacts ensureTable(Connection own, String name) throws SQLException;

    /**
     * The branches prepared in this database whose names have that prefix, also those that only other roles may finish.
     */
    List<PreparedBranch> prepared(Connection own, String prefix) throws SQLException;

    /**
     * Commits a small write that synchronous standbys must have too. What was read before, above all a prepared branch,
     * can be seen before they have it; after this it survives their promotion.
     */
    void settle(Connection own) throws SQLException;

    /** The decision of that gid; empty if there is none. */
    Optional<Decision> row(Connection own, String table, String gid) throws SQLException;

    /**
     * Aborts a transaction for ever, unless it is decided.
     *
     * @return the decision that stands now; empty if a session that is about to decide kept the row locked
     * @throws SQLException also if the table is not the one that the gid names, as it was dropped or restored meanwhile
     */
    Optional<Decision> tombstone(Connection own, String table, Gid gid) throws SQLException;

    /** The session's number, for {@link #terminateBlockers}. */
    int backend(Connection own) throws SQLException;

    /**
     * Ends the sessions that block a session of ours, if they belong to the same role and database.
     *
     * @return the number of sessions ended
     */
    int terminateBlockers(Connection own, int blocked) throws SQLException;

    /**
     * The next decisions that are old enough to be deleted, in the order of their keys. Runs in a transaction.
     *
     * @param from the key after which they begin
     * @param to the key before which they end
     * @param most the largest number of rows
     */
    List<Decision> deletable(
            Connection own,
            String table,
            String from,
            String to,
            Duration keepTombstones,
            Duration keepCommitted,
            int most)
            throws SQLException;

    /**
     * Deletes decisions. Runs in a transaction.
     *
     * @return the number of rows deleted
     */
    int delete(Connection own, String table, List<String> gids) throws SQLException;
}
