package io.floodlock.runtime.tx.database;

import io.floodlock.runtime.jdbc.driver.DriverConnection;
import io.floodlock.runtime.jdbc.driver.WeakIdentityMap;
import java.sql.Connection;
import java.time.Duration;
import java.util.Set;

/**
 * Remembers the state of each idle session as it was last read, so that a transaction need not read it again. The key
 * is the driver's connection. An entry is dropped as soon as a call that may change its session goes through a handle
 * of the agent. It is valid for a minute at most: changes through no handle (an operator's ALTER ROLE, a setting that
 * the database's functions begin to read) must not stay unseen for ever. Thread-safe.
 */
public final class KnownSessions {

    private static final long VALID_NANOS = Duration.ofMinutes(1).toNanos();

    private final WeakIdentityMap<Object, Entry> byConnection = new WeakIdentityMap<>();
    private volatile boolean any;

    /** Whether a state was ever stored; if not, callers need not report changes. */
    public boolean any() {
        return any;
    }

    /** The session's state; null if it isn't known, or was read with other names of settings. */
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
