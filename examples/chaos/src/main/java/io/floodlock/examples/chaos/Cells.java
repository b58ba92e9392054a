package io.floodlock.examples.chaos;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The tables of one database in which workers count, and the audit of them after the run. The audit reads committed
 * data only, so a commit whose outcome its client does not know needs no special treatment.
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

    /**
     * The cells of a whole database.
     *
     * @param place the name that workers use for it
     */
    Cells(String url, String place) {
        this(url, place, null);
    }

    /**
     * The cells of one tenant of a PostgreSQL database: in a schema with its name, accessible to a role with its
     * name.
     */
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
     * The result of the audit.
     *
     * @param lost writes whose effect a later write has overwritten: each write counts its cell up by one, so the
     *     cells have fewer different counts than there are entries
     * @param stale writes committed after a write of a later holder
     * @param torn reads that saw the cell change, or saw the first half of a write that was completed later
     * @param strayed writes that were meant for another place, or were made under a role other than the place's own
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
            long writes = count(statement, "SELECT count(*) FROM entry");
            return new Audit(
                    writes,
                    count(statement, "SELECT count(*) FROM reading"),
                    writes - count(statement, "SELECT count(*) FROM (SELECT DISTINCT id, n FROM entry) AS counts"),
                    count(statement, """
                            SELECT count(*) FROM (
                              SELECT n, holder,
                                     max(holder) OVER (PARTITION BY id ORDER BY n, holder
                                       ROWS UNBOUNDED PRECEDING) AS latest
                              FROM entry) AS ordered
                            WHERE holder < latest"""),
                    count(statement, """
                            SELECT count(*) FROM reading
                            WHERE n1 <> n2
                               OR EXISTS (SELECT 1 FROM entry WHERE op = half1)
                               OR EXISTS (SELECT 1 FROM entry WHERE op = half2)"""),
                    count(
                            statement,
                            "SELECT count(*) FROM entry WHERE place <> '" + place + "'"
                                    + (tenant == null ? "" : " OR writer <> '" + tenant + "'")));
        }
    }

    private static long count(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
