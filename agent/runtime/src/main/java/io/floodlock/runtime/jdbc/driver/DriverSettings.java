package io.floodlock.runtime.jdbc.driver;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The settings of a connection that the driver keeps by itself, unknown to the server. Each is null if the driver
 * doesn't have it.
 *
 * @param networkTimeout in milliseconds
 * @param holdability of cursors
 * @param types the application's classes for the database's types
 */
public record DriverSettings(Integer networkTimeout, Integer holdability, Map<String, Class<?>> types) {

    /** Reads the present settings; makes no round trip. */
    public static DriverSettings of(Connection connection) {
        Map<String, Class<?>> types = read(connection::getTypeMap);
        return new DriverSettings(
                read(connection::getNetworkTimeout),
                read(connection::getHoldability),
                types == null ? null : new HashMap<>(types));
    }

    private static <T> T read(SqlCall<T> getter) {
        try {
            return getter.call();
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // the driver has no such setting
            return null;
        }
    }

    /** Restores the settings that differ from these. */
    public void restore(Connection connection) throws SQLException {
        DriverSettings now = of(connection);
        if (networkTimeout != null && !networkTimeout.equals(now.networkTimeout)) {
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
        }
        if (holdability != null && !holdability.equals(now.holdability)) {
            connection.setHoldability(holdability);
        }
        if (types != null && !Objects.equals(types, now.types)) {
            connection.setTypeMap(new HashMap<>(types));
        }
    }
}
