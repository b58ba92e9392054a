package io.floodlock.runtime.tx.dialect;

import io.floodlock.runtime.tx.name.Gid;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Recovery's statements for PostgreSQL: on its prepared transactions and the {@link DecisionTable}. Thread-safe. */
final class PostgresRecovery implements RecoveryDialect {

    private static final String LOCK_TIMEOUT = "55P03";

    @Override
    public DatabaseFacts facts(Connection own, String name) throws SQLException {
        return DecisionTable.read(own, name);
    }

    @Override
    public DatabaseFacts ensureTable(Connection own, String name) throws SQLException {
        return DecisionTable.ensure(own, name);
    }

    @Override
    public List<PreparedBranch> prepared(Connection own, String prefix) throws SQLException {
        List<PreparedBranch> found = new ArrayList<>();
        try (PreparedStatement statement = own.prepareStatement(
                "SELECT gid, (extract(epoch FROM clock_timestamp() - prepared) * 1000)::bigint, owner, current_user,"
                        + " owner = current_user OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
                        + " FROM pg_prepared_xacts WHERE database = current_database() AND starts_with(gid, ?)")) {
            statement.setString(1, prefix);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new PreparedBranch(
                            row.getString(1), row.getLong(2), row.getString(3), row.getString(4), row.getBoolean(5)));
                }
            }
        }
        return found;
    }

    @Override
    public void settle(Connection own) throws SQLException {
        try (Statement statement = own.createStatement()) {
            statement.execute("SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
                    + " WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true),"
                    + " pg_logical_emit_message(true, 'floodlock', '')");
        }
    }

    @Override
    public Optional<Decision> row(Connection own, String table, String gid) throws SQLException {
        try (PreparedStatement statement =
                own.prepareStatement("SELECT state, branches FROM " + table + " WHERE gid = ?")) {
            statement.setString(1, gid);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Decision(gid, row.getString(1).charAt(0), row.getString(2)))
                        : Optional.empty();
            }
        }
    }

    @Override
    public Optional<Decision> tombstone(Connection own, String table, Gid gid) throws SQLException {
        own.setAutoCommit(false);
        Optional<Decision> decision;
        try {
            decision = insertTombstone(own, table, gid);
            own.commit();
        } catch (SQLException e) {
            own.rollback();
            own.setAutoCommit(true);
            if (LOCK_TIMEOUT.equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        }
        // only here: after any other failure it would commit what is still open
        own.setAutoCommit(true);
        return decision;
    }

    private Optional<Decision> insertTombstone(Connection own, String table, Gid gid) throws SQLException {
        try (Statement statement = own.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '2s'; SET LOCAL synchronous_commit = on");
        }
        if (!gid.table().equals(DecisionTable.identity(own, table))) {
            throw new SQLException(table + " is not the table that held decisions when " + gid.text() + " began");
        }
        try (PreparedStatement statement = own.prepareStatement(
                "INSERT INTO " + table + " (gid, state, branches) VALUES (?, 'A', '') ON CONFLICT (gid) DO NOTHING")) {
            statement.setString(1, gid.text());
            statement.executeUpdate();
        }
        return row(own, table, gid.text());
    }

    @Override
    public int backend(Connection own) throws SQLException {
        try (Statement statement = own.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Override
    public int terminateBlockers(Connection own, int blocked) throws SQLException {
        try (PreparedStatement statement = own.prepareStatement(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ANY(pg_blocking_pids(?))"
                        + " AND datname = current_database() AND usename = current_user")) {
            statement.setInt(1, blocked);
            int ended = 0;
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ended += row.getBoolean(1) ? 1 : 0;
                }
            }
            return ended;
        }
    }

    /** The bounds avoid reading young rows; the server's clock decides on each row. */
    @Override
    public List<Decision> deletable(
            Connection own,
            String table,
            String from,
            String to,
            Duration keepTombstones,
            Duration keepCommitted,
            int most)
            throws SQLException {
        List<Decision> rows = new ArrayList<>();
        try (PreparedStatement statement = own.prepareStatement("SELECT gid, state, branches FROM " + table
                + " WHERE gid > ? AND gid < ? AND at <= now() - CASE state WHEN 'A' THEN interval '"
                + keepTombstones.toDays()
                + " days' ELSE make_interval(secs => ?) END ORDER BY gid LIMIT " + most)) {
            statement.setString(1, from);
            statement.setString(2, to);
            statement.setDouble(3, keepCommitted.toSeconds());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new Decision(row.getString(1), row.getString(2).charAt(0), row.getString(3)));
                }
            }
        }
        return rows;
    }

    @Override
    public int delete(Connection own, String table, List<String> gids) throws SQLException {
        try (PreparedStatement statement = own.prepareStatement("DELETE FROM " + table + " WHERE gid = ANY(?)")) {
            statement.setArray(1, own.createArrayOf("text", gids.toArray()));
            return statement.executeUpdate();
        }
    }
}
