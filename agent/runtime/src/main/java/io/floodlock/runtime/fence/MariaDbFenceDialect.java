package io.floodlock.runtime.fence;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The fence's SQL for MariaDB. The row that a claim's statement returns shows whether the claim was accepted. The
 * number of changed rows would not, because it depends on how the connection counts. The wait limit applies to that one
 * statement and is in whole seconds, rounded up. The limit that supports fractions, max_statement_time, would make a
 * claim cost a quarter more.
 */
final class MariaDbFenceDialect implements FenceDialect {

    private static final int BLOCKED = 1205;
    private static final int DEADLOCK = 1213;
    private static final int NO_DATABASE = 1049;
    private static final int NO_TABLE = 1146;

    /** Statements that leave the transaction open when they succeed. All others may commit it, as most DDL does. */
    private static final Set<String> KEEPING = Set.of(
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "REPLACE",
            "WITH",
            "VALUES",
            "SHOW",
            "EXPLAIN",
            "DESCRIBE",
            "SAVEPOINT");

    private static final String NOT_TOO_OLD = "? > (UNIX_TIMESTAMP(SYSDATE(6)) - " + OLDEST.toSeconds() + ") * 1000000";

    private final ConcurrentMap<String, String> raises = new ConcurrentHashMap<>();

    @Override
    public List<String> ddl(String table) {
        return List.of(
                "CREATE TABLE IF NOT EXISTS " + table + " (name VARBINARY(512) NOT NULL PRIMARY KEY,"
                        + " token BIGINT NOT NULL, owner VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,"
                        + " format SMALLINT NOT NULL DEFAULT 1) ENGINE = InnoDB",
                "INSERT IGNORE INTO " + table + " (name, token, owner) VALUES ('" + IDENTITY + "', 0, UUID())");
    }

    @Override
    public Place find(Connection own) throws SQLException {
        try (Statement statement = own.createStatement()) {
            String table;
            boolean there;
            boolean writable;
            String user;
            try (ResultSet row = statement.executeQuery("SELECT DATABASE(), @@global.read_only, CURRENT_USER(),"
                    + " EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE()"
                    + " AND table_name = '" + FenceTable.NAME + "')")) {
                row.next();
                if (row.getString(1) == null) {
                    throw new SQLException("the connection's URL names no database", "3D000");
                }
                table = statement.enquoteIdentifier(row.getString(1), true) + "." + FenceTable.NAME;
                writable = !row.getBoolean(2);
                user = row.getString(3);
                there = row.getBoolean(4);
            }
            if (!there) {
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
        own.setAutoCommit(true);
        try (Statement statement = own.createStatement()) {
            for (String part : ddl(table)) {
                statement.execute(part);
            }
        }
    }

    @Override
    public boolean raise(Connection connection, String table, List<FenceRow> rows, Duration wait) throws SQLException {
        String sql = raises.computeIfAbsent(table + " " + rows.size(), key -> raise(table, rows.size()));
        try (PreparedStatement statement = connection.prepareStatement(limit(wait) + sql)) {
            int at = 1;
            for (FenceRow row : rows) {
                statement.setBytes(at++, row.name().getBytes(StandardCharsets.UTF_8));
                statement.setLong(at++, row.token());
                statement.setString(at++, row.owner());
            }
            int accepted = 0;
            try (ResultSet answer = statement.executeQuery()) {
                while (answer.next() && accepted < rows.size()) {
                    FenceRow row = rows.get(accepted);
                    boolean young = answer.getBoolean(3);
                    boolean stored = answer.getLong(1) == row.token()
                            && answer.getString(2).equals(row.owner());
                    if (!stored || !young) {
                        return false;
                    }
                    accepted++;
                }
            }
            return accepted == rows.size();
        }
    }

    private static String raise(String table, int rows) {
        return "INSERT INTO " + table + " (name, token, owner) VALUES " + "(?, ?, ?), ".repeat(rows - 1) + "(?, ?, ?)"
                + " ON DUPLICATE KEY UPDATE owner = IF(token < VALUES(token), VALUES(owner), owner),"
                + " token = GREATEST(token, VALUES(token))"
                + " RETURNING token, owner, " + NOT_TOO_OLD.replace("?", "token");
    }

    private static String limit(Duration wait) {
        long seconds = (Math.min(wait.toMillis(), Duration.ofDays(1).toMillis()) + 999) / 1000;
        return "SET STATEMENT innodb_lock_wait_timeout = " + seconds + " FOR ";
    }

    @Override
    public FenceRow read(Connection connection, String table, String name, boolean lock, Duration wait)
            throws SQLException {
        String row = "SELECT token, owner FROM " + table + " WHERE name = ?";
        String sql = lock ? limit(wait) + row + " LOCK IN SHARE MODE" : row;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setBytes(1, name.getBytes(StandardCharsets.UTF_8));
            try (ResultSet answer = statement.executeQuery()) {
                return answer.next() ? new FenceRow(name, answer.getLong(1), answer.getString(2)) : null;
            }
        }
    }

    /** Deletes row by row, by primary key: a delete that scans the table would lock all of it. */
    @Override
    public void prune(Connection own, String table) throws SQLException {
        own.setAutoCommit(true);
        String old = "(UNIX_TIMESTAMP(SYSDATE(6)) - " + FenceTable.DELETED.toSeconds() + ") * 1000000";
        List<byte[]> names = new ArrayList<>();
        try (Statement statement = own.createStatement();
                ResultSet row = statement.executeQuery("SELECT name FROM " + table + " WHERE name <> '" + IDENTITY
                        + "' AND token < " + old + " LIMIT 10000")) {
            while (row.next()) {
                names.add(row.getBytes(1));
            }
        }
        try (PreparedStatement delete =
                own.prepareStatement("SET STATEMENT innodb_lock_wait_timeout = 0 FOR DELETE FROM " + table
                        + " WHERE name = ? AND token < " + old)) {
            for (byte[] name : names) {
                delete.setBytes(1, name);
                try {
                    delete.executeUpdate();
                } catch (SQLException e) {
                    if (!isBlocked(e)) {
                        throw e;
                    }
                }
            }
        }
    }

    /** SERIALIZABLE keeps no snapshot: every read locks what it reads. */
    @Override
    public boolean keepsSnapshot(Connection connection) throws SQLException {
        return connection.getTransactionIsolation() == Connection.TRANSACTION_REPEATABLE_READ;
    }

    @Override
    public boolean isBlocked(SQLException e) {
        return e.getErrorCode() == BLOCKED;
    }

    /** Error 1020, with innodb_snapshot_isolation: record has changed since last read. */
    @Override
    public boolean isOlder(SQLException e) {
        return e.getErrorCode() == 1020;
    }

    /**
     * Two transactions that wait to write a row deadlock as soon as a third, which had created the row, rolls back:
     * each of them may then get the row next, and neither can create it before the other.
     */
    @Override
    public boolean isDeadlock(SQLException e) {
        return e.getErrorCode() == DEADLOCK;
    }

    @Override
    public boolean isTableGone(SQLException e) {
        return e.getErrorCode() == NO_TABLE || e.getErrorCode() == NO_DATABASE;
    }

    /**
     * Lists the open transactions of others that have rows locked. Which of them blocks the row can be determined only
     * while somebody waits for it.
     */
    @Override
    public String blockers(Connection connection, String table, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT GROUP_CONCAT('thread ', t.trx_mysql_thread_id, ' (',"
                        + " COALESCE(p.host, '?'), ', ', p.command, ', in its transaction since ', t.trx_started, ')'"
                        + " ORDER BY t.trx_started SEPARATOR '; ') FROM information_schema.innodb_trx t"
                        + " LEFT JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id"
                        + " WHERE t.trx_mysql_thread_id <> CONNECTION_ID() AND t.trx_rows_locked > 0")) {
            return row.next() ? row.getString(1) : null;
        }
    }

    @Override
    public boolean mayEnd(String verb, SQLException failure) {
        return failure != null || !KEEPING.contains(verb);
    }
}
