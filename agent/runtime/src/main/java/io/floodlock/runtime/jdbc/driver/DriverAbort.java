package io.floodlock.runtime.jdbc.driver;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Breaks a connection, with what is open in it. A pool's may break no more than its handle (Agroal), and the
 * transaction below it could be committed yet: the driver's own is broken too. Thread-safe; asks no server.
 */
public final class DriverAbort {

    private DriverAbort() {}

    /** @throws SQLException if it may still be whole */
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

    /** Null where the way to it is closed. */
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
