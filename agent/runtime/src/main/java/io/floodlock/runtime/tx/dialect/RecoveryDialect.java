package io.floodlock.runtime.tx.dialect;

import io.floodlock.runtime.tx.name.Gid;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one database product keeps of decisions and prepared branches. Every method is for connections of our own, which
 * commit each statement by itself unless it says otherwise. Thread-safe.
 */
public interface RecoveryDialect {

    /** What the database says of itself. Creates nothing. */
    DatabaseFacts facts(Connection own, String name) throws SQLException;

    /** The same, after what is missing of the table of decisions was created, where the role may. */
    DatabaseFacts ensureTable(Connection own, String name) throws SQLException;

    /** Branches prepared in this database whose names begin so, also those that only others may finish. */
    List<PreparedBranch> prepared(Connection own, String prefix) throws SQLException;

    /**
     * Commits something that synchronous standbys must have too. What was read before, a prepared branch above all, can
     * be seen before they have it; after this it survives their promotion.
     */
    void settle(Connection own) throws SQLException;

    Optional<Decision> row(Connection own, String table, String gid) throws SQLException;

    /**
     * Aborts a transaction for ever, unless it is decided.
     *
     * @return the decision that stands now; empty if a session that is about to decide kept the row locked
     * @throws SQLException also if the table is not the one that the gid names: it was dropped or restored meanwhile
     */
    Optional<Decision> tombstone(Connection own, String table, Gid gid) throws SQLException;

    /** The session's number, for {@link #terminateBlockers}. */
    int backend(Connection own) throws SQLException;

    /**
     * Ends the sessions that block a session of ours, where they belong to the same role and database.
     *
     * @return how many
     */
    int terminateBlockers(Connection own, int blocked) throws SQLException;

    /**
     * The next decisions that are old enough to be deleted, in the order of their keys. In a transaction.
     *
     * @param from the key behind which they begin
     * @param to the key before which they end
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

    /** In a transaction. @return how many */
    int delete(Connection own, String table, List<String> gids) throws SQLException;
}
