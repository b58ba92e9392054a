package io.floodlock.runtime.tx;

import io.floodlock.runtime.jdbc.Nesting;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * What was read of idle sessions, by the driver's connection, so that it need not be read again for each transaction. An entry
 * goes as soon as anything that may change its session passes one of our handles, and after a minute in any case: what passes
 * none (an operator's ALTER ROLE, a setting that the database's functions begin to read) must not go unseen for ever.
 * Thread-safe.
 */
final class KnownSessions {

    private static final long VALID_NANOS = Duration.ofMinutes(1).toNanos();

    private static final String DRIVERS = "org.postgresql.PGConnection";

    private final ClassValue<Class<?>> driverType = new ClassValue<>() {
        @Override
        protected Class<?> computeValue(Class<?> type) {
            try {
                return Class.forName(DRIVERS, false, type.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                return Void.class;
            }
        }
    };

    private final Map<Object, Entry> byConnection = Collections.synchronizedMap(new WeakHashMap<>());
    private volatile boolean any;

    /** Whether any was ever known. */
    boolean any() {
        return any;
    }

    /** Null if it isn't known, or was read with other names of settings. */
    String known(Connection connection, Set<String> names) {
        Object driver = any ? driver(connection) : null;
        Entry entry = driver == null ? null : byConnection.get(driver);
        boolean valid = entry != null && entry.names.equals(names) && System.nanoTime() - entry.at < VALID_NANOS;
        return valid ? entry.state : null;
    }

    void know(Connection connection, Set<String> names, String state) {
        Object driver = driver(connection);
        if (driver != null) {
            any = true;
            byConnection.put(driver, new Entry(state, names, System.nanoTime()));
        }
    }

    void forget(Connection connection) {
        Object driver = any ? driver(connection) : null;
        if (driver != null) {
            byConnection.remove(driver);
        }
    }

    /** Null where the way to it is closed: then nothing is remembered. */
    private Object driver(Connection connection) {
        Nesting.enter();
        try {
            Class<?> type = driverType.get(connection.getClass());
            if (type == Void.class) {
                return null;
            }
            return type.isInstance(connection) ? connection : connection.unwrap(type);
        } catch (SQLException | RuntimeException e) {
            return null;
        } finally {
            Nesting.leave();
        }
    }

    private record Entry(String state, Set<String> names, long at) {}
}
