package io.floodlock.runtime.jdbc.driver;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Aborts a connection, with the work open in it. A pool's connection may abort no more than its handle (Agroal), and
 * the transaction below it could still be committed. So the driver's own connection is aborted too. Thread-safe; makes
 * no round trip.
 */
public final class DriverAbort {

    private DriverAbort() {}

    /** @throws SQLException if the connection may still be usable */
    public static void of(Connection connection) throws SQLException {
        Connection driver = below(connection);
        try {
            connection.abort(Runnable::run);
        } finally {
            if (driver != null && driver != connection) {
                driver.abort(Runnable::run);
            }
        }
    }

    /** Null if the driver's connection can't be reached. */
    private static Connection below(Connection connection) {
        DriverCallDepth.enter();
        try {
            return connection.unwrap(Connection.class);
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            return null;
        } finally {
            DriverCallDepth.leave();
        }
    }
}
