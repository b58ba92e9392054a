package io.floodlock.runtime.queue.inbox;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.tx.HomeTables;
import io.floodlock.runtime.tx.TxHome;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Function;

/**
 * The tables {@code floodlock_lane} and {@code floodlock_inbox}, and their statements, for PostgreSQL.
 *
 * <pre>
 * floodlock_lane    lane      namespace:queue:number
 *                   epoch     the fencing token of its owner
 *                   format    of the row: 1
 *
 * floodlock_inbox   source    where the call comes from: the producer's session
 *                   position  its place there: the sequence of its entry
 *                   item      its place in the entry
 *                   lane
 *                   gid       the transaction that has run it
 *                   at        the time of its INSERT, by the server's clock
 *                   outcome   its result or exception, as the store keeps it; null if nobody wants one
 *                   format    of the row: 1
 * </pre>
 *
 * <p>Source, position and item identify a call in any ordered log, also one with partitions and offsets. Each statement
 * names the tables with their schema. Thread-safe.
 */
public final class InboxTables {

    static final String LANES = "floodlock_lane";
    static final String CALLS = "floodlock_inbox";

    /** The key of the advisory lock under which sessions create the tables one after the other. */
    private static final long CREATION = 0x466C6F6F64496E62L;

    private static final int BATCH = 5_000;
    private static final String LOCK_TIMEOUT = "55P03";
    private static final String NO_TABLE = "42P01";

    private final String lanes;
    private final String calls;
    private final String insert;
    private final String find;
    private final String answer;
    private final String insertAll;
    private final String lock;

    private InboxTables(String schema) {
        this.lanes = schema + LANES;
        this.calls = schema + CALLS;
        this.insert = "INSERT INTO " + calls + " (source, position, item, lane, gid) SELECT ?, ?, ?, lane, ? FROM "
                + lanes + " WHERE lane = ? AND epoch = ? FOR SHARE ON CONFLICT DO NOTHING";
        this.find = "SELECT gid, outcome, format FROM " + calls + " WHERE source = ? AND position = ? AND item = ?";
        this.lock = "SELECT 1 FROM " + lanes + " WHERE lane = ? AND epoch = ? FOR SHARE";
        this.insertAll = "INSERT INTO " + calls + " (source, position, item, lane, gid, outcome)"
                + " SELECT source, position, item, ?, ?, outcome FROM unnest(?::text[], ?::bigint[], ?::int[],"
                + " ?::bytea[]) AS given(source, position, item, outcome) ON CONFLICT DO NOTHING";
        this.answer = "UPDATE " + calls + " SET outcome = ? WHERE source = ? AND position = ? AND item = ?";
    }

    /**
     * The statements that create the tables, one each.
     *
     * @param schema quoted, with its dot; empty for the current one
     */
    public static List<String> ddl(String schema) {
        return List.of(
                "CREATE TABLE IF NOT EXISTS " + schema + LANES + " (lane text COLLATE \"C\" PRIMARY KEY,"
                        + " epoch bigint NOT NULL, format smallint NOT NULL DEFAULT 1) WITH (fillfactor = 50)",
                "CREATE TABLE IF NOT EXISTS " + schema + CALLS + " (source text COLLATE \"C\" NOT NULL,"
                        + " position bigint NOT NULL, item int NOT NULL, lane text COLLATE \"C\" NOT NULL,"
                        + " gid text COLLATE \"C\" NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp(),"
                        + " outcome bytea, format smallint NOT NULL DEFAULT 1, PRIMARY KEY (source, position, item))"
                        + " WITH (fillfactor = 80)",
                "CREATE INDEX IF NOT EXISTS " + CALLS + "_age ON " + schema + CALLS + " (lane, at)");
    }

    /** The tables' names, for grants. */
    public static List<String> names() {
        return List.of(LANES, CALLS);
    }

    /**
     * Finds the tables beside the home's table of decisions, and creates what is missing.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure ILLEGAL_TRANSACTION if the role may not create or use them,
     *     with the statements for those who may
     */
    static InboxTables ensure(TxHome home) throws SQLException {
        new HomeTables(home, names(), ddl(home.schema()), "records the calls that have run").ensure(CREATION);
        return new InboxTables(home.schema());
    }

    // ---- the lane

    /**
     * Raises a lane's epoch. Waits two seconds at most for the transactions of earlier owners.
     *
     * @return 0 if the epoch stands now, the greater one that was there, or null if a transaction is still open
     */
    Long raise(Connection own, String lane, long epoch) throws SQLException {
        own.setAutoCommit(false);
        Long greater;
        try {
            greater = raiseNow(own, lane, epoch);
            own.commit();
        } catch (SQLException e) {
            own.rollback();
            if (!LOCK_TIMEOUT.equals(e.getSQLState())) {
                throw e;
            }
            greater = null;
        }
        own.setAutoCommit(true);
        return greater;
    }

    private long raiseNow(Connection own, String lane, long epoch) throws SQLException {
        try (Statement statement = own.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '2s'; SET LOCAL synchronous_commit = on");
        }
        String raise = "INSERT INTO " + lanes + " AS known (lane, epoch) VALUES (?, ?) ON CONFLICT (lane) DO UPDATE"
                + " SET epoch = greatest(known.epoch, excluded.epoch) RETURNING epoch";
        try (PreparedStatement statement = own.prepareStatement(raise)) {
            statement.setString(1, lane);
            statement.setLong(2, epoch);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long stands = row.getLong(1);
                return stands > epoch ? stands : 0;
            }
        }
    }

    int backend(Connection own) throws SQLException {
        try (Statement statement = own.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    // ---- the call

    /**
     * A call that has run.
     *
     * @param gid of its transaction
     * @param outcome null if nobody wanted one
     */
    record Found(String gid, byte[] outcome) {}

    /**
     * Records a call. Waits for the end of another transaction that has recorded it.
     *
     * @return false if the call is recorded already, or if the epoch is not the lane's
     */
    boolean insert(Connection connection, CallId call, LaneInbox lane, String gid) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            statement.setString(1, call.session().toString());
            statement.setLong(2, call.sequence());
            statement.setInt(3, call.index());
            statement.setString(4, gid);
            statement.setString(5, lane.name());
            statement.setLong(6, lane.epoch());
            return statement.executeUpdate() == 1;
        }
    }

    /** Whether the lane has that epoch; it keeps it until the transaction ends. */
    boolean isOwner(Connection connection, LaneInbox lane) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(lock)) {
            statement.setString(1, lane.name());
            statement.setLong(2, lane.epoch());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /**
     * Records calls of a lane with their outcomes. Waits for the end of another transaction that has recorded one.
     *
     * @param outcomes of each; null where there is none
     * @return how many were not recorded yet
     */
    int insertAll(Connection connection, List<CallId> ids, List<byte[]> outcomes, LaneInbox lane, String gid)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insertAll)) {
            statement.setString(1, lane.name());
            statement.setString(2, gid);
            statement.setArray(
                    3, array(connection, "text", ids, id -> id.session().toString()));
            statement.setArray(4, array(connection, "bigint", ids, CallId::sequence));
            statement.setArray(5, array(connection, "int", ids, CallId::index));
            statement.setArray(6, connection.createArrayOf("bytea", outcomes.toArray(byte[][]::new)));
            return statement.executeUpdate();
        }
    }

    private static Array array(Connection connection, String type, List<CallId> ids, Function<CallId, Object> part)
            throws SQLException {
        return connection.createArrayOf(type, ids.stream().map(part).toArray());
    }

    /** Null if the call is not recorded. */
    Found find(Connection connection, CallId call) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(find)) {
            identify(statement, 1, call);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                if (row.getInt(3) != 1) {
                    throw Failure.ILLEGAL_TRANSACTION.because("call " + call + " is recorded in " + calls
                            + " in format " + row.getInt(3) + ", but this agent knows format 1; use a newer agent");
                }
                return new Found(row.getString(1), row.getBytes(2));
            }
        }
    }

    void answer(Connection connection, CallId call, byte[] outcome) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(answer)) {
            statement.setBytes(1, outcome);
            identify(statement, 2, call);
            statement.executeUpdate();
        }
    }

    // ---- age

    /** The present time, by the server's clock. */
    OffsetDateTime now(Connection own) throws SQLException {
        try (Statement statement = own.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class);
        }
    }

    /** Deletes the rows of a lane that are older, some thousand in each transaction. */
    void delete(Connection own, String lane, OffsetDateTime before) throws SQLException {
        String some = "DELETE FROM " + calls + " WHERE ctid IN (SELECT ctid FROM " + calls
                + " WHERE lane = ? AND at < ? ORDER BY at LIMIT " + BATCH + ")";
        try (PreparedStatement statement = own.prepareStatement(some)) {
            statement.setString(1, lane);
            statement.setObject(2, before);
            while (statement.executeUpdate() == BATCH) {
                // more are left
            }
        }
    }

    private static void identify(PreparedStatement statement, int from, CallId call) throws SQLException {
        statement.setString(from, call.session().toString());
        statement.setLong(from + 1, call.sequence());
        statement.setInt(from + 2, call.index());
    }

    /** Whether a statement failed because a table no longer exists. */
    static boolean isTableGone(SQLException e) {
        return NO_TABLE.equals(e.getSQLState());
    }
}
