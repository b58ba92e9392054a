package io.floodlock.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Finds the handle below a connection. Libraries may wrap a handle in a connection of their own, and a further source
 * may hand that out; then only one of the stacked handles may act. {@code Transactions} and {@link LocalRole} call it.
 * Thread-safe.
 */
public final class HandleBelow {

    /** Recognised by its identity, not by its text. */
    private static final String PROBE = new String("SELECT 1");

    private static final ThreadLocal<TrackedConnection> REACHED = new ThreadLocal<>();

    private HandleBelow() {}

    /** Null if the calls lead to no handle, or if that is unknown. */
    public static TrackedConnection of(Connection connection) {
        TrackedConnection wrapped = wrappedBy(connection);
        return wrapped != null ? wrapped : reachedThrough(connection);
    }

    /** The handle that the connection declares to wrap, or null. */
    static TrackedConnection wrappedBy(Connection connection) {
        try {
            if (connection.isWrapperFor(TrackedConnection.class)) {
                return connection.unwrap(TrackedConnection.class).nearest();
            }
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // it wraps none
        }
        return null;
    }

    /**
     * For a connection that declares no handle: calls a method that every driver answers by itself, and records which
     * handle receives the call.
     */
    private static TrackedConnection reachedThrough(Connection connection) {
        REACHED.remove();
        try {
            connection.nativeSQL(PROBE);
            return REACHED.get();
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            return null;
        } finally {
            REACHED.remove();
        }
    }

    /** Whether this call of a handle's {@code nativeSQL} only serves to find the handle. */
    static boolean isProbe(String sql) {
        return sql == PROBE;
    }

    static void reached(TrackedConnection handle) {
        REACHED.set(handle);
    }
}
