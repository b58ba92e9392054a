package io.floodlock.runtime.jdbc.driver;

import java.sql.Connection;
import java.sql.SQLException;

/** The connection of PostgreSQL's driver below those of pools. Thread-safe; asks no server. */
public final class DriverConnection {

    private static final String TYPE = "org.postgresql.PGConnection";

    /** As the class of a pool's connection sees it; {@code Void} where it doesn't. */
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

    /** Null where the way to it is closed, or it is another driver's. */
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
