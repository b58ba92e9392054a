package io.floodlock.runtime.fence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The fence's SQL for PostgreSQL. A claim limits its wait by lock_timeout. One statement sets lock_timeout before it
 * writes the rows and restores it afterwards. The source of that statement is read row by row: the first row sets the
 * limit when it is produced, each row is written before the next is produced, and a last row, which is no claim and is
 * dropped, restores the limit. Meanwhile a setting of the agent's own keeps the previous value. If the claim fails, the
 * rollback restores it.
 *
 * <p>The statement returns only the number of rows that it wrote, because PostgreSQL would first store a result. Each
 * function and operator in the statement is looked up, and its permissions are checked, at every run. That takes about
 * as long as the work itself, so there are few of them. The time until which a token may be used is computed here and
 * not in the database, in seconds since 1970. Only whether that time has passed is for the database's clock to decide.
 *
 * <p>The statement is an INSERT although most rows exist. An UPDATE costs as much. It finds the row by a plan that may
 * read the whole table while the table is small, so that in SERIALIZABLE all keys would depend on each other. After a
 * wait it also evaluates its conditions again, including those that set the limit. ON CONFLICT uses the primary key and
 * looks only at the row that it has locked.
 */
final class PostgresFenceDialect implements FenceDialect {

    /** Key of the advisory lock that serialises JVMs that create the table at the same moment. */
    private static final long CREATION = 0x466C6F6F6446656EL;

    private static final String SET_WAIT =
            "CASE WHEN set_config('floodlock.lock_timeout', current_setting('lock_timeout'), true) IS NOT NULL"
                    + " THEN set_config('lock_timeout', ?, true) END IS NOT NULL";

    private static final String SET_BACK =
            "set_config('lock_timeout', current_setting('floodlock.lock_timeout'), true)";

    private static final String YOUNG = "to_timestamp(?) > clock_timestamp()";

    private static final String FIND =
            "SELECT quote_ident(n.nspname), quote_ident(coalesce(current_schema(), 'public')),"
                    + " pg_is_in_recovery(), quote_ident(current_user) FROM (SELECT 1) one"
                    + " LEFT JOIN pg_class c ON c.oid = to_regclass('" + FenceTable.NAME + "')"
                    + " LEFT JOIN pg_namespace n ON n.oid = c.relnamespace";

    /** Statements that claim one row, by table. There are few tables, and most claims are of one key. */
    private final ConcurrentMap<String, String> ofOneRow = new ConcurrentHashMap<>(1);

    @Override
    public List<String> ddl(String table) {
        return List.of(
                "CREATE TABLE IF NOT EXISTS " + table + " (name text COLLATE \"C\" PRIMARY KEY, token bigint NOT NULL,"
                        + " owner text NOT NULL, format smallint NOT NULL DEFAULT 1) WITH (fillfactor = 70)",
                "INSERT INTO " + table + " (name, token, owner) VALUES ('" + IDENTITY
                        + "', 0, gen_random_uuid()::text) ON CONFLICT (name) DO NOTHING");
    }

    @Override
    public Place find(Connection own) throws SQLException {
        try (Statement statement = own.createStatement()) {
            String found;
            String schema;
            boolean writable;
            String user;
            try (ResultSet row = statement.executeQuery(FIND)) {
                row.next();
                found = row.getString(1);
                schema = row.getString(2);
                writable = !row.getBoolean(3);
                user = row.getString(4);
            }
            String table = (found == null ? schema : found) + "." + FenceTable.NAME;
            if (found == null) {
                return new Place(table, null, FORMAT, writable, user);
            }
            try (ResultSet row =
                    statement.executeQuery("SELECT owner, format FROM " + table + " WHERE name = '" + IDENTITY + "'")) {
                return row.next()
                        ? new Place(table, row.getString(1), row.getInt(2), writable, user)
                        : new Place(table, null, FORMAT, writable, user);
            }
        }
    }

    @Override
    public void create(Connection own, String table) throws SQLException {
        own.setAutoCommit(false);
        try (Statement statement = own.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + CREATION + ")");
            statement.execute("SET LOCAL client_min_messages = warning");
            for (String part : ddl(table)) {
                statement.execute(part);
            }
            own.commit();
        } catch (SQLException e) {
            own.rollback();
            throw e;
        } finally {
            own.setAutoCommit(true);
        }
    }

    @Override
    public boolean raise(Connection connection, String table, List<FenceRow> rows, Duration wait) throws SQLException {
        int count = rows.size();
        String sql = count == 1 ? ofOneRow.get(table) : raise(table, count);
        if (sql == null) {
            sql = raise(table, 1);
            ofOneRow.put(table, sql);
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int at = 1;
            for (int i = 0; i < count; i++) {
                FenceRow row = rows.get(i);
                statement.setString(at++, row.name());
                statement.setLong(at++, row.token());
                statement.setString(at++, row.owner());
                if (i == 0) {
                    statement.setString(at++, millis(wait));
                }
                statement.setDouble(at++, usableUntil(row.token()));
            }
            return statement.executeUpdate() == count;
        }
    }

    private static String raise(String table, int rows) {
        String row = "?::text, ?::bigint, ?::text, ";
        return "INSERT INTO " + table + " AS stored (name, token, owner) SELECT name, token, owner FROM (VALUES"
                + " (" + row + "CASE WHEN " + SET_WAIT + " THEN " + YOUNG + " END)"
                + (", (" + row + YOUNG + ")").repeat(rows - 1)
                + ", (NULL, NULL, NULL, " + SET_BACK + " IS NULL)) wanted(name, token, owner, claims) WHERE claims"
                + " ON CONFLICT (name) DO UPDATE SET token = excluded.token, owner = excluded.owner"
                + " WHERE stored.token < excluded.token"
                + " OR stored.token = excluded.token AND stored.owner = excluded.owner";
    }

    /** The end of the time in which a token may be used, in seconds since 1970 by the database's clock. */
    private static double usableUntil(long token) {
        return token / 1e6 + OLDEST.toSeconds();
    }

    /** At least 1, because 0 would mean no limit. */
    private static String millis(Duration wait) {
        return Long.toString(Math.max(1, Math.min(Integer.MAX_VALUE, wait.toMillis())));
    }

    @Override
    public FenceRow read(Connection connection, String table, String name, boolean lock, Duration wait)
            throws SQLException {
        String row = "SELECT token, owner FROM " + table + " WHERE name = ?";
        String sql = lock
                ? "WITH stored AS (" + row + " AND " + SET_WAIT + " FOR SHARE) SELECT token, owner, " + SET_BACK
                        + " FROM stored"
                : row;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            if (lock) {
                statement.setString(2, millis(wait));
            }
            try (ResultSet answer = statement.executeQuery()) {
                return answer.next() ? new FenceRow(name, answer.getLong(1), answer.getString(2)) : null;
            }
        }
    }

    @Override
    public void prune(Connection own, String table) throws SQLException {
        String sql =
                "DELETE FROM " + table + " WHERE name IN (SELECT name FROM " + table + " WHERE name <> '" + IDENTITY
                        + "' AND token < (extract(epoch FROM clock_timestamp()) - " + FenceTable.DELETED.toSeconds()
                        + ")::bigint * 1000000 LIMIT 1000 FOR UPDATE SKIP LOCKED)";
        try (Statement statement = own.createStatement()) {
            int deleted;
            do {
                deleted = statement.executeUpdate(sql);
            } while (deleted > 0);
        }
    }

    @Override
    public boolean keepsSnapshot(Connection connection) throws SQLException {
        return connection.getTransactionIsolation() >= Connection.TRANSACTION_REPEATABLE_READ;
    }

    @Override
    public boolean isBlocked(SQLException e) {
        return "55P03".equals(e.getSQLState());
    }

    @Override
    public boolean isOlder(SQLException e) {
        return "40001".equals(e.getSQLState());
    }

    @Override
    public boolean isDeadlock(SQLException e) {
        return "40P01".equals(e.getSQLState());
    }

    @Override
    public boolean isTableGone(SQLException e) {
        return "42P01".equals(e.getSQLState()) || "3F000".equals(e.getSQLState());
    }

    /**
     * Describes the transaction that locked the row last, if it can be seen. Otherwise, while the row is not yet
     * committed for the first time, describes the transactions that write to the table.
     */
    @Override
    public String blockers(Connection connection, String table, String name) throws SQLException {
        String about = "SELECT string_agg('pid ' || a.pid || coalesce(' (' || nullif(concat_ws(', ',"
                + " nullif(a.application_name, ''), 'from ' || host(a.client_addr), a.state,"
                + " 'in its transaction since ' || a.xact_start), '') || ')', ''), '; ')"
                + " FROM pg_stat_activity a WHERE a.pid <> pg_backend_pid() AND ";
        String[] ways = {
            "a.backend_xid = (SELECT xmax FROM " + table + " WHERE name = ?)",
            "a.pid IN (SELECT pid FROM pg_locks WHERE relation = '" + table
                    + "'::regclass AND mode IN ('RowExclusiveLock', 'RowShareLock') AND ? IS NOT NULL)"
        };
        for (String way : ways) {
            try (PreparedStatement statement = connection.prepareStatement(about + way)) {
                statement.setString(1, name);
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next() && row.getString(1) != null) {
                        return row.getString(1);
                    }
                }
            }
        }
        return null;
    }

    @Override
    public boolean mayEnd(String verb, SQLException failure) {
        return verb.equals("ROLLBACK");
    }
}
