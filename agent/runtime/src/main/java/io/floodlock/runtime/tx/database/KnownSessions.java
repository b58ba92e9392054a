package io.floodlock.runtime.tx.database;

import io.floodlock.runtime.jdbc.driver.DriverConnection;
import io.floodlock.runtime.jdbc.driver.WeakIdentityMap;
import java.sql.Connection;
import java.time.Duration;
import java.util.Set;

/**
 * What was read of idle sessions, by the driver's connection, so that not each transaction reads it again. An entry is
 * dropped as soon as anything that may change its session passes one of our handles, and after a minute in any case:
 * what passes none (an operator's ALTER ROLE, a setting that the database's functions begin to read) must not go unseen
 * for ever. Thread-safe.
 */
public final class KnownSessions {

    private static final long VALID_NANOS = Duration.ofMinutes(1).toNanos();

    private final WeakIdentityMap<Object, Entry> byConnection = new WeakIdentityMap<>();
    private volatile boolean any;

    /** Whether any was ever known. */
    public boolean any() {
        return any;
    }

    /** Null if it isn't known, or was read with other names of settings. */
    public String known(Connection connection, Set<String> names) {
        Object driver = any ? DriverConnection.below(connection) : null;
        Entry entry = driver == null ? null : byConnection.get(driver);
        boolean valid = entry != null && entry.names.equals(names) && System.nanoTime() - entry.at < VALID_NANOS;
        return valid ? entry.state : null;
    }

    public void know(Connection connection, Set<String> names, String state) {
        Object driver = DriverConnection.below(connection);
        if (driver != null) {
            any = true;
            byConnection.put(driver, new Entry(state, names, System.nanoTime()));
        }
    }

    public void forget(Connection connection) {
        Object driver = any ? DriverConnection.below(connection) : null;
        if (driver != null) {
            byConnection.remove(driver);
        }
    }

    private record Entry(String state, Set<String> names, long at) {}
}
