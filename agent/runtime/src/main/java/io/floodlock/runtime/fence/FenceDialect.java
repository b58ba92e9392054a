package io.floodlock.runtime.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * How one kind of database keeps the table. Every method that claims or checks is one round trip, in the transaction
 * that is open on the connection, and leaves the connection's settings as they were.
 */
interface FenceDialect {

    /** How long before now, by the database's clock, tokens are too old to claim anything: their rows may be gone. */
    Duration OLDEST = Duration.ofDays(7);

    /** The name of the row that identifies the database; no key has it. */
    String IDENTITY = "";

    int FORMAT = 1;

    /** What to run to create the table, one statement each. */
    List<String> ddl(String table);

    /** Where the table is, or would be. Creates nothing. */
    Place find(Connection own) throws SQLException;

    /** Creates the table where it is missing, in no transaction of anybody's. */
    void create(Connection own, String table) throws SQLException;

    /**
     * Writes the rows in their order, each unless a later holder's is there, and locks them.
     *
     * @param wait for others' transactions, at most; zero for not at all, as far as the database can
     * @return whether all are written; if not, the transaction must be rolled back
     */
    boolean raise(Connection connection, String table, List<FenceRow> rows, Duration wait) throws SQLException;

    /** The stored row, or null, locked against writers if {@code lock}. */
    FenceRow read(Connection connection, String table, String name, boolean lock, Duration wait) throws SQLException;

    /** Deletes rows that no one may claim with their tokens any more. */
    void prune(Connection own, String table) throws SQLException;

    /** Whether the connection's transaction goes on seeing the data of its first read, whatever it locks. */
    boolean keepsSnapshot(Connection connection) throws SQLException;

    /** Whether a claim failed because another transaction has held the row for too long. */
    boolean isBlocked(SQLException e);

    /** Whether it failed because its transaction's snapshot is older than what it waited for. */
    boolean isOlder(SQLException e);

    /** Whether it failed so that another transaction could go on, which waited for this one as this one for it. */
    boolean isDeadlock(SQLException e);

    /** Whether a claim failed because the table isn't there any more. */
    boolean isTableGone(SQLException e);

    /** Who keeps others waiting for that row now, as far as the role may know; for people. */
    String blockers(Connection connection, String table, String name) throws SQLException;

    /**
     * Whether a statement may have ended the transaction, or undone claims in it, though it is no commit or rollback.
     */
    boolean mayEnd(String verb, SQLException failure);

    /**
     * @param table qualified and quoted
     * @param id of the database, kept in the table; null without the table
     * @param format of the table
     * @param writable whether it is no replica
     * @param user for messages
     */
    record Place(String table, String id, int format, boolean writable, String user) {}
}
