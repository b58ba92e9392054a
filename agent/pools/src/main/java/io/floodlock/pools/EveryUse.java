package io.floodlock.pools;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * Uses of a connection other than executing the application's own statements. Most of them make the driver execute
 * statements of its own.
 */
final class EveryUse {

    private EveryUse() {}

    static void of(Connection connection) throws SQLException, IOException {
        connection.setAutoCommit(false);
        connection.getSchema();
        connection.isValid(5);
        connection.getTypeMap();
        types(connection);
        results(connection);
        classes(connection);
        unwrapped(connection);
        connection.commit();
    }

    private static void types(Connection connection) throws SQLException {
        DatabaseMetaData about = connection.getMetaData();
        try (ResultSet tables = about.getTables(null, null, "ledger", null)) {
            tables.next();
        }
        Array array = connection.createArrayOf("inet", new Object[] {"127.0.0.1"});
        array.getBaseTypeName();
    }

    private static void results(Connection connection) throws SQLException {
        try (Statement statement =
                        connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
                ResultSet rows =
                        statement.executeQuery("SELECT line, ARRAY['a', 'b'], '{1}'::int8[] FROM ledger LIMIT 3")) {
            // this call queries the server without using the wrapped result set
            rows.getMetaData().isAutoIncrement(1);
            rows.getMetaData().getColumnTypeName(2);
            while (rows.next()) {
                rows.getArray(2).getArray();
                rows.getArray(3).getResultSet().close();
            }
        }
    }

    /**
     * Libraries look up a driver's classes, and define proxies, through the class loaders of these objects. The
     * loaders must therefore find the driver's own classes.
     */
    private static void classes(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1")) {
            for (Object each : new Object[] {connection, statement, rows, connection.getMetaData()}) {
                sees(each.getClass());
            }
        }
    }

    private static void sees(Class<?> type) throws SQLException {
        try {
            Class<?> found = Class.forName(PGConnection.class.getName(), false, type.getClassLoader());
            if (found != PGConnection.class || type.getInterfaces().length == 0) {
                throw new SQLException(type + " shows " + found);
            }
        } catch (ClassNotFoundException e) {
            throw new SQLException(type + " doesn't see the driver", e);
        }
    }

    private static void unwrapped(Connection connection) throws SQLException, IOException {
        PGConnection driver = connection.unwrap(PGConnection.class);
        driver.getLargeObjectAPI().createLO();
        driver.getCopyAPI().copyIn("COPY ledger (line) FROM STDIN", new StringReader("copied\n"));
        try (Statement statement = ((Connection) driver).createStatement()) {
            statement.execute("LISTEN nothing");
            statement.execute("UNLISTEN *");
        }
        driver.getNotifications();
    }
}
