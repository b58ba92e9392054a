package io.floodlock.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Finds the handle to which the calls of a connection lead, where libraries put connections of their own over ours. */
public final class HandleBelow {

    /** Known by its identity. */
    private static final String PROBE = new String("SELECT 1");

    private static final ThreadLocal<TrackedConnection> REACHED = new ThreadLocal<>();

    private HandleBelow() {}

    /** Null if the calls lead to none, or that is unknown. */
    public static TrackedConnection of(Connection connection) {
        TrackedConnection wrapped = wrappedBy(connection);
        return wrapped != null ? wrapped : reachedThrough(connection);
    }

    /** The handle that the connection says it wraps, or null. */
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
     * For a connection that doesn't say so: calls a method that every driver answers by itself, and sees who is called.
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

    /** Whether a handle's {@code nativeSQL} is called to find it. */
    static boolean isProbe(String sql) {
        return sql == PROBE;
    }

    static void reached(TrackedConnection handle) {
        REACHED.set(handle);
    }
}
