package io.floodlock.runtime.jdbc.driver;

import java.sql.Connection;
import java.sql.SQLException;

/** Finds the PostgreSQL driver's connection below those of pools. Thread-safe; makes no round trip. */
public final class DriverConnection {

    private static final String TYPE = "org.postgresql.PGConnection";

    /** The driver's type as the class of a pool's connection sees it; {@code Void} if it doesn't. */
    private static final ClassValue<Class<?>> TYPES = new ClassValue<>() {
        @Override
        protected Class<?> computeValue(Class<?> type) {
            try {
                return Class.forName(TYPE, false, type.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                return Void.class;
            }
        }
    };

    private DriverConnection() {}

    /** Null if that connection can't be reached, or belongs to another driver. */
    public static Object below(Connection connection) {
        DriverCallDepth.enter();
        try {
            Class<?> type = TYPES.get(connection.getClass());
            if (type == Void.class) {
                return null;
            }
            return type.isInstance(connection) ? connection : connection.unwrap(type);
        } catch (SQLException | RuntimeException e) {
            return null;
        } finally {
            DriverCallDepth.leave();
        }
    }
}
