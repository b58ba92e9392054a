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

/** Whether a database lets the application's role do what fences and transactions need, and keeps it. */
public abstract class DatabaseChecks {

    /** Some drivers repeat the whole URL. */
    private static final Pattern PASSWORD = Pattern.compile("(?i)(password=)[^&;\\s]*");

    final Statement statement;
    final String at;
    private final List<Check> checks = new ArrayList<>();

    DatabaseChecks(Statement statement, String at) {
        this.statement = statement;
        this.at = at;
    }

    /**
     * Asks over a connection of the role that the application uses; changes nothing.
     *
     * @param alone whether it is the only database that is looked at, so the one that decides where transactions have several
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
                        "it takes no part in @DistributedTx and can't be fenced; PostgreSQL and MariaDB can"));
            }
            checks.look();
            checks.fine("product", product + " " + about.getDatabaseProductVersion());
            return checks.checks;
        }
    }

    /** Of a database that could not be reached. */
    public static Check unreachable(String url, SQLException e) {
        return Check.finding(
                shown(url),
                "connection",
                "refused",
                PASSWORD.matcher(String.valueOf(e.getMessage())).replaceAll("$1***")
                        + ". Check the URL, --user and the password, and that the server runs");
    }

    private static String shown(String url) {
        String shown = OwnConnections.shown(url);
        // some drivers take user and password before the host
        return shown.substring(shown.lastIndexOf('@') + 1);
    }

    abstract void look() throws SQLException;

    final void fine(String name, String value) {
        checks.add(Check.fine(at, name, value));
    }

    final void check(String name, String value, boolean fine, String remedy) {
        checks.add(Check.of(at, name, value, fine, remedy));
    }

    /** As check, of what matters only where a feature is used; only a note where nothing shows that it is. */
    final void check(String name, String value, boolean fine, boolean used, String remedy) {
        checks.add(fine || used ? Check.of(at, name, value, fine, remedy) : Check.note(at, name, value, remedy));
    }

    /** The only value that a query answers. */
    final String ask(String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /** Of a table that should be there. */
    final void format(String table, int known) throws SQLException {
        String highest = ask("SELECT max(format) FROM " + table);
        int format = highest == null ? 0 : Integer.parseInt(highest);
        check(
                table + " format",
                highest == null ? "empty" : highest,
                format == known,
                format > known
                        ? "a later version of Floodlock has written it: use that version, or another schema"
                        : "its identity row is missing: run what ddl prints");
    }
}
