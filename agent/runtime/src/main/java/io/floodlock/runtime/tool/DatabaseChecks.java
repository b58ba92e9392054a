package io.floodlock.runtime.tool;

import io.floodlock.runtime.jdbc.driver.OwnConnections;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Checks whether a database allows the application's role the statements of fences and transactions, and whether it
 * keeps committed data. The {@code check} command calls {@link #of}. Not thread-safe.
 */
public abstract class DatabaseChecks {

    /** Some drivers repeat the whole URL in their messages. */
    private static final Pattern PASSWORD = Pattern.compile("(?i)(password=)[^&;\\s]*");

    final Statement statement;
    final String at;
    private final List<Check> checks = new ArrayList<>();

    DatabaseChecks(Statement statement, String at) {
        this.statement = statement;
        this.at = at;
    }

    /**
     * Runs all checks over a connection of the application's role. Changes nothing in the database.
     *
     * @param alone whether no other database is checked; then this one is the primary of transactions that span
     *     several
     * @throws SQLException if a query of the checks fails
     */
    public static List<Check> of(Connection connection, boolean alone) throws SQLException {
        DatabaseMetaData about = connection.getMetaData();
        String at = shown(about.getURL());
        String product = about.getDatabaseProductName();
        try (Statement statement = connection.createStatement()) {
            DatabaseChecks checks = switch (product) {
                case "PostgreSQL" -> new PostgresChecks(statement, at, alone);
                case "MariaDB" -> new MariaDbChecks(statement, at, about.getURL());
                default -> null;
            };
            if (checks == null) {
                return List.of(Check.finding(
                        at,
                        "product",
                        product,
                        "it can't take part in @DistributedTx and can't be fenced; use PostgreSQL or MariaDB"));
            }
            checks.look();
            checks.fine("product", product + " " + about.getDatabaseProductVersion());
            return checks.checks;
        }
    }

    /** The finding for a database that could not be reached. */
    public static Check unreachable(String url, SQLException e) {
        return Check.finding(
                shown(url),
                "connection",
                "refused",
                PASSWORD.matcher(String.valueOf(e.getMessage())).replaceAll("$1***")
                        + ". Check the URL, --user and the password, and whether the server runs");
    }

    private static String shown(String url) {
        String shown = OwnConnections.shown(url);
        // some drivers accept user and password in front of the host
        return shown.substring(shown.lastIndexOf('@') + 1);
    }

    abstract void look() throws SQLException;

    final void fine(String name, String value) {
        checks.add(Check.fine(at, name, value));
    }

    final void check(String name, String value, boolean fine, String remedy) {
        checks.add(Check.of(at, name, value, fine, remedy));
    }

    /**
     * Like {@link #check(String, String, boolean, String)}, for a value that matters only if a feature is used. If
     * nothing shows that it is used, the result is only a note.
     */
    final void check(String name, String value, boolean fine, boolean used, String remedy) {
        checks.add(fine || used ? Check.of(at, name, value, fine, remedy) : Check.note(at, name, value, remedy));
    }

    /** The single value that a query returns; null if it returns no row. */
    final String query(String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /** Checks the format of one of Floodlock's tables. */
    final void format(String table, int known) throws SQLException {
        String highest = query("SELECT max(format) FROM " + table);
        int format = highest == null ? 0 : Integer.parseInt(highest);
        check(
                table + " format",
                highest == null ? "empty" : highest,
                format == known,
                format > known
                        ? "a later version of Floodlock wrote it: use that version, or another schema"
                        : "its identity row is missing: run the statements that ddl prints");
    }
}
