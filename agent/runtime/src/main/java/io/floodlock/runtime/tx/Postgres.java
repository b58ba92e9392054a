package io.floodlock.runtime.tx;

import io.floodlock.runtime.jdbc.Beans;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The protocol's steps as PostgreSQL wants them said. Each method says on what kind of connection it may be called. */
final class Postgres {

    /** The named object does not exist: of a prepared transaction, that it is finished. */
    private static final String FINISHED = "42704";

    private static final String LOCK_TIMEOUT = "55P03";

    /**
     * Conditions raise errors: with 0 rows the COMMIT behind it would commit the application's work without a decision.
     * 1/0 says that the transaction is too old, as its tombstone may be gone. A host that vanishes must not keep others from
     * setting a tombstone, nor may a session's wish for speed lose the decision.
     */
    private static final String DECIDE =
            "INSERT INTO %s (gid, state, branches, at, format) VALUES (?, 'C', ?, clock_timestamp(),"
                    + " 1 / (clock_timestamp() - now() < interval '1 hour')::int%s"
                    + " + 0 * length(set_config('idle_in_transaction_session_timeout', '10s', true)"
                    + " || set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
                    + " WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true))); COMMIT";

    private static final String SAME_MARK =
            " / (current_setting('floodlock.gid', true) IS NOT DISTINCT FROM '%s')::int";

    private Postgres() {}

    /** In a transaction: marks it, so that it can be told from one that the application's SQL began in its place. */
    static void mark(Connection connection, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT set_config('floodlock.gid', ?, true)")) {
            statement.setString(1, id);
            statement.execute();
        }
    }

    /** Whether it is still the transaction that was marked. */
    static boolean sameMark(Connection connection, String id) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('floodlock.gid', true)")) {
            row.next();
            return id.equals(row.getString(1));
        }
    }

    /** In a transaction: whether an error has doomed it. */
    static boolean aborted(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
            return false;
        } catch (SQLException e) {
            if ("25P02".equals(e.getSQLState())) {
                return true;
            }
            throw e;
        }
    }

    /** In a transaction: whether leaving it out of the decision changes nothing for anyone. */
    static boolean readOnly(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_xact_id_if_assigned() IS NULL"
                        + " AND current_setting('transaction_isolation') <> 'serializable'")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /**
     * In a transaction, which it ends. In an aborted one PREPARE answers ROLLBACK and no error, so a statement goes before it
     * that does fail there, the cheapest there is; the setting ends with the transaction.
     *
     * @param mark as given to {@link #mark}, or null if it was not
     */
    static void prepare(Connection connection, String name, String mark) throws SQLException {
        String check = mark == null ? "SET LOCAL lock_timeout = 0" : "SELECT 1" + String.format(SAME_MARK, mark);
        try (Statement statement = connection.createStatement()) {
            statement.execute(check + "; PREPARE TRANSACTION '" + name + "'");
        }
    }

    /** What {@link #decide} says where no mark is to be checked; the same text each time, which a driver need not parse again. */
    static String decision(String table) {
        return decision(table, "");
    }

    private static String decision(String table, String check) {
        return String.format(DECIDE, table, check);
    }

    /** In a transaction, which it commits together with the decision. */
    static void decide(Connection connection, Database home, Gid gid, String branches, String mark)
            throws SQLException {
        String sql = mark == null ? home.decision() : decision(home.table(), String.format(SAME_MARK, mark));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, gid.text());
            statement.setString(2, branches);
            statement.execute();
        }
    }

    /** In no transaction, and each statement committing by itself. @return false if it was finished before */
    static boolean finish(Connection connection, String name, boolean commit) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute((commit ? "COMMIT" : "ROLLBACK") + " PREPARED '" + name + "'");
            return true;
        } catch (SQLException e) {
            if (FINISHED.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** Whether the server, and not the driver, said for certain that the transaction is rolled back. */
    static boolean saysRolledBack(SQLException e) {
        String state = e.getSQLState();
        boolean fromServer = Beans.ask(e, "getServerErrorMessage") != null;
        if (!fromServer || state == null || state.length() != 5 || state.equals("40003")) {
            return false;
        }
        return switch (state.substring(0, 2)) {
            case "0A", "22", "23", "25", "40", "42", "44", "55", "P0" -> true;
            default -> false;
        };
    }

    /** A prepared branch as the server lists it. */
    record Prepared(String name, long ageMillis) {}

    /** Those of this database and role whose names begin so. */
    static List<Prepared> prepared(Connection connection, String prefix) throws SQLException {
        List<Prepared> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT gid, (extract(epoch FROM clock_timestamp() - prepared) * 1000)::bigint FROM pg_prepared_xacts"
                        + " WHERE database = current_database() AND starts_with(gid, ?)"
                        + " AND (owner = current_user OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))")) {
            statement.setString(1, prefix);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Prepared(row.getString(1), row.getLong(2)));
                }
            }
        }
        return found;
    }

    /**
     * Commits something that synchronous standbys must have too. What was read before, a PREPARE above all, can be seen
     * before they have it; after this it survives their promotion.
     */
    static void settle(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
                    + " WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true),"
                    + " pg_logical_emit_message(true, 'floodlock', '')");
        }
    }

    /** A row of the table. */
    record Row(char state, String branches) {}

    static Optional<Row> row(Connection connection, String table, String gid) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT state, branches FROM " + table + " WHERE gid = ?")) {
            statement.setString(1, gid);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Row(row.getString(1).charAt(0), row.getString(2)))
                        : Optional.empty();
            }
        }
    }

    /**
     * Aborts a transaction for ever, unless it is decided. On a connection of our own.
     *
     * @return the decision that stands now; empty if a session that is about to decide kept the row locked
     * @throws SQLException also if the table is not the one that the gid names: it was dropped or restored meanwhile
     */
    static Optional<Row> tombstone(Connection connection, String table, Gid gid) throws SQLException {
        connection.setAutoCommit(false);
        try {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LOCAL lock_timeout = '2s'; SET LOCAL synchronous_commit = on");
            }
            if (!gid.table().equals(DecisionTable.identity(connection, table))) {
                throw new SQLException(table + " is not the table that held decisions when " + gid.text() + " began");
            }
            try (PreparedStatement statement = connection.prepareStatement("INSERT INTO " + table
                    + " (gid, state, branches) VALUES (?, 'A', '') ON CONFLICT (gid) DO NOTHING")) {
                statement.setString(1, gid.text());
                statement.executeUpdate();
            }
            Optional<Row> decision = row(connection, table, gid.text());
            connection.commit();
            return decision;
        } catch (SQLException e) {
            connection.rollback();
            if (LOCK_TIMEOUT.equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    static int backend(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    /**
     * Ends the sessions that block a session of ours, where they belong to the same role and database.
     *
     * @return how many
     */
    static int terminateBlockers(Connection connection, int blocked) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
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
}
