package io.floodlock.runtime.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * How one database product keeps the table {@code floodlock_fence}. Each method that claims or checks takes one round
 * trip, runs in the transaction that is open on the connection, and leaves the connection's settings unchanged.
 */
interface FenceDialect {

    /** Tokens older than this, by the database's clock, can't claim anything: their rows may have been deleted. */
    Duration OLDEST = Duration.ofDays(7);

    /** Name of the row that identifies the database; no key has this name. */
    String IDENTITY = "";

    /** The newest format of the table that this agent knows. */
    int FORMAT = 1;

    /** The statements that create the table, one per element. */
    List<String> ddl(String table);

    /** Finds the table, or the place where it would be created. Creates nothing. */
    Place find(Connection own) throws SQLException;

    /** Creates the table if it is missing, outside any other transaction. */
    void create(Connection own, String table) throws SQLException;

    /**
     * Writes and locks the rows in their order. It writes no row over that of a later holder.
     *
     * @param wait longest wait for other transactions; zero means no wait, as far as the database supports that
     * @return whether all rows are written; if not, the transaction must be rolled back
     */
    boolean raise(Connection connection, String table, List<FenceRow> rows, Duration wait) throws SQLException;

    /** Reads the stored row, and locks it against writers if {@code lock}; null if there is none. */
    FenceRow read(Connection connection, String table, String name, boolean lock, Duration wait) throws SQLException;

    /** Deletes rows whose tokens are too old to claim anything. */
    void prune(Connection own, String table) throws SQLException;

    /**
     * Whether the connection's transaction keeps seeing the data of its first read, even in rows that it locks later.
     */
    boolean keepsSnapshot(Connection connection) throws SQLException;

    /** Whether a claim failed because another transaction held the row for longer than the claim may wait. */
    boolean isBlocked(SQLException e);

    /** Whether a claim failed because the snapshot of its transaction is older than the row that it waited for. */
    boolean isOlder(SQLException e);

    /** Whether a claim failed as the victim of a deadlock: its transaction and another waited for each other. */
    boolean isDeadlock(SQLException e);

    /** Whether a claim failed because the table no longer exists. */
    boolean isTableGone(SQLException e);

    /**
     * Describes for people which transactions block that row now, as far as the role may see them; null if none is
     * seen.
     */
    String blockers(Connection connection, String table, String name) throws SQLException;

    /**
     * Whether a statement may have ended the transaction, or undone claims in it, although it is no commit or rollback.
     *
     * @param verb the first word of the statement; empty for a claim
     * @param failure what the driver threw, or null
     */
    boolean mayEnd(String verb, SQLException failure);

    /**
     * The table and its properties.
     *
     * @param table its name, qualified and quoted
     * @param id of the database, which the table stores; null without the table or that row
     * @param format of the table
     * @param writable false on a replica
     * @param user the database user, for messages
     */
    record Place(String table, String id, int format, boolean writable, String user) {}
}
