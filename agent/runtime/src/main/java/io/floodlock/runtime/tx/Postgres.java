package io.floodlock.runtime.tx;

import io.floodlock.runtime.tx.Database.Facts;
import io.floodlock.runtime.tx.Database.Role;
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

    /*
     * Conditions of PREPARE and of the decision raise errors: with 0 rows the COMMIT behind it would commit the application's
     * work without a decision. The error is that of a text which is no number, as only it can hold words of ours: nothing that
     * a constraint or trigger raises in the same message is taken for it. The text must not be a constant, as PostgreSQL
     * would reckon a constant's value before it looks at the condition.
     */
    private static final String NOT_MARKED = "floodlock: another transaction";

    private static final String TOO_OLD = "floodlock: older than an hour";
    private static final String OTHER_TABLE = "floodlock: another table";
    private static final String OTHER_ROLE = "floodlock: role ";

    /**
     * Too old is a transaction whose tombstone may be gone. A host that vanishes must not keep others from setting a
     * tombstone, nor may a session's wish for speed lose the decision.
     */
    private static final String DECIDE = "INSERT INTO %1$s (gid, state, branches, at, format) VALUES (?, 'C', ?,"
            + " clock_timestamp(), CASE WHEN pg_relation_filenode('%2$s') <> %3$d THEN " + refusal(OTHER_TABLE)
            + " WHEN clock_timestamp() - now() >= interval '1 hour' THEN " + refusal(TOO_OLD)
            + "%4$s ELSE 1 END"
            + " + 0 * length(set_config('idle_in_transaction_session_timeout', '10s', true)"
            + " || set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
            + " WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true))); COMMIT";

    private static String refusal(String words) {
        return "('" + words + "' || current_user)::int";
    }

    private static String unlessMarked(String mark) {
        return mark == null
                ? ""
                : " WHEN current_setting('floodlock.gid', true) IS DISTINCT FROM '" + mark + "' THEN "
                        + refusal(NOT_MARKED);
    }

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
     * that does fail there, the cheapest there is; the setting ends with the transaction. Who prepares is who may finish: a
     * role that the application has set meanwhile, by whatever statement or function, is not who recovery is.
     *
     * @param mark as given to {@link #mark}, or null if it was not
     */
    static void prepare(Connection connection, String name, String mark, Role recoverer) throws SQLException {
        String check = mark == null && recoverer.superuser()
                ? "SET LOCAL lock_timeout = 0"
                : "SELECT CASE"
                        + (recoverer.superuser()
                                ? ""
                                : " WHEN current_user <> " + recoverer.literal() + " THEN " + refusal(OTHER_ROLE))
                        + unlessMarked(mark) + " ELSE 0 END";
        try (Statement statement = connection.createStatement()) {
            statement.execute(check + "; PREPARE TRANSACTION '" + name + "'");
        }
    }

    /**
     * What {@link #decide} says where no mark is to be checked; the same text each time, which a driver need not parse again.
     *
     * @param file where the server keeps the table; one that was dropped, emptied or restored meanwhile has another
     */
    static String decision(String table, long file) {
        return String.format(DECIDE, table, table.replace("'", "''"), file, "");
    }

    /** In a transaction, which it commits together with the decision. */
    static void decide(Connection connection, Facts home, Gid gid, String branches, String mark) throws SQLException {
        String sql = home.decision();
        if (mark != null) {
            sql = sql.replace(" ELSE 1 END", unlessMarked(mark) + " ELSE 1 END");
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, gid.text());
            statement.setString(2, branches);
            statement.execute();
        }
    }

    /** What made one of the conditions fail. */
    enum Guard {
        ANOTHER_TRANSACTION,
        TOO_OLD,
        ANOTHER_TABLE,
        ANOTHER_ROLE,
        /** None of them: the error is the application's. */
        NONE
    }

    static Guard guard(SQLException e) {
        String message = "22P02".equals(e.getSQLState()) ? e.getMessage() : "";
        return message.contains(NOT_MARKED)
                ? Guard.ANOTHER_TRANSACTION
                : message.contains(TOO_OLD)
                        ? Guard.TOO_OLD
                        : message.contains(OTHER_TABLE)
                                ? Guard.ANOTHER_TABLE
                                : message.contains(OTHER_ROLE) ? Guard.ANOTHER_ROLE : Guard.NONE;
    }

    /** The role that the transaction had, of an error that is {@link Guard#ANOTHER_ROLE}. */
    static String otherRole(SQLException e) {
        String message = e.getMessage();
        int begin = message.indexOf(OTHER_ROLE) + OTHER_ROLE.length();
        int end = message.indexOf('"', begin);
        return message.substring(begin, end < 0 ? message.length() : end);
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

    /**
     * A prepared branch as the server lists it.
     *
     * @param asked the role that asked
     * @param ours whether that role may finish it
     */
    record Prepared(String name, long ageMillis, String owner, String asked, boolean ours) {}

    /** Those of this database whose names begin so, also those that only others may finish. */
    static List<Prepared> prepared(Connection connection, String prefix) throws SQLException {
        List<Prepared> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT gid, (extract(epoch FROM clock_timestamp() - prepared) * 1000)::bigint, owner, current_user,"
                        + " owner = current_user OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
                        + " FROM pg_prepared_xacts WHERE database = current_database() AND starts_with(gid, ?)")) {
            statement.setString(1, prefix);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Prepared(
                            row.getString(1), row.getLong(2), row.getString(3), row.getString(4), row.getBoolean(5)));
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
        Optional<Row> decision;
        try {
            decision = insertTombstone(connection, table, gid);
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            connection.setAutoCommit(true);
            if (LOCK_TIMEOUT.equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        }
        // only here: it would commit what any other failure has left open
        connection.setAutoCommit(true);
        return decision;
    }

    private static Optional<Row> insertTombstone(Connection connection, String table, Gid gid) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '2s'; SET LOCAL synchronous_commit = on");
        }
        if (!gid.table().equals(DecisionTable.identity(connection, table))) {
            throw new SQLException(table + " is not the table that held decisions when " + gid.text() + " began");
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO " + table + " (gid, state, branches) VALUES (?, 'A', '') ON CONFLICT (gid) DO NOTHING")) {
            statement.setString(1, gid.text());
            statement.executeUpdate();
        }
        return row(connection, table, gid.text());
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
