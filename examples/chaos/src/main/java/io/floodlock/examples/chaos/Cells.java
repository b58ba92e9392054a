package io.floodlock.examples.chaos;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The tables of one database that workers count in, and what is wrong with them in the end. Only what was committed is
 * looked at, so that a commit whose outcome its client never learned is no question.
 */
final class Cells {

    private final String url;
    private final String place;
    private final String tenant;

    private Cells(String url, String place, String tenant) {
        this.url = url;
        this.place = place;
        this.tenant = tenant;
    }

    /** In a database of their own. @param place what workers call it */
    Cells(String url, String place) {
        this(url, place, null);
    }

    /** Of one tenant of a PostgreSQL database, in a schema of its name and for a role of its name alone. */
    static Cells ofTenant(String url, String tenant) {
        return new Cells(url + "&currentSchema=" + tenant, tenant, tenant);
    }

    void create(int cells) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            if (tenant != null) {
                statement.execute("CREATE ROLE " + tenant);
                statement.execute("CREATE SCHEMA " + tenant);
            }
            statement.execute("CREATE TABLE cell (id int PRIMARY KEY, n bigint, half varchar(60))");
            for (int i = 0; i < cells; i++) {
                statement.execute("INSERT INTO cell VALUES (" + i + ", 0, NULL)");
            }
            statement.execute("CREATE TABLE entry (id int, n bigint, holder bigint, op varchar(60),"
                    + " place varchar(60), writer varchar(60))");
            statement.execute("CREATE INDEX entry_op ON entry (op)");
            statement.execute(
                    "CREATE TABLE reading (id int, n1 bigint, n2 bigint, half1 varchar(60), half2 varchar(60))");
            if (tenant != null) {
                statement.execute("GRANT USAGE ON SCHEMA " + tenant + " TO " + tenant);
                statement.execute("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA " + tenant + " TO " + tenant);
            }
        }
    }

    /**
     * What went wrong.
     *
     * @param lost writes that others never saw: each counts one up, so what the cells say falls short of the entries
     * @param stale writes committed after one of a later holder
     * @param torn reads that saw the cell change, or the first half of a write that was completed later
     * @param strayed writes that were meant for another place, or made under another role than the place's own
     */
    record Audit(long writes, long reads, long lost, long stale, long torn, long strayed) {

        long violations() {
            return lost + stale + torn + strayed;
        }

        Audit plus(Audit other) {
            return new Audit(
                    writes + other.writes,
                    reads + other.reads,
                    lost + other.lost,
                    stale + other.stale,
                    torn + other.torn,
                    strayed + other.strayed);
        }
    }

    Audit audit() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            long writes = ask(statement, "SELECT count(*) FROM entry");
            return new Audit(
                    writes,
                    ask(statement, "SELECT count(*) FROM reading"),
                    writes - ask(statement, "SELECT count(*) FROM (SELECT DISTINCT id, n FROM entry) AS counts"),
                    ask(statement, """
                            SELECT count(*) FROM (
                              SELECT n, holder,
                                     max(holder) OVER (PARTITION BY id ORDER BY n, holder ROWS UNBOUNDED PRECEDING) AS latest
                              FROM entry) AS ordered
                            WHERE holder < latest"""),
                    ask(statement, """
                            SELECT count(*) FROM reading
                            WHERE n1 <> n2
                               OR EXISTS (SELECT 1 FROM entry WHERE op = half1)
                               OR EXISTS (SELECT 1 FROM entry WHERE op = half2)"""),
                    ask(
                            statement,
                            "SELECT count(*) FROM entry WHERE place <> '" + place + "'"
                                    + (tenant == null ? "" : " OR writer <> '" + tenant + "'")));
        }
    }

    private static long ask(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
