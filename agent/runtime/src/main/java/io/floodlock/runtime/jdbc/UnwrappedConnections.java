package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.jdbc.driver.WeakIdentityMap;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Remembers the driver's connections that a handle has given to the application through {@code unwrap}. The application
 * runs statements on them that the handle doesn't see. {@code UntrackedConnections} refuses statements on unknown
 * connections; it asks here whether a connection is known. One that was given away inside a transaction counts as part
 * of it, because the handle has reported the unwrapping to the transaction. Outside, the claims of fenced scopes are
 * made through the handle. Thread-safe; keeps nothing alive.
 */
public final class UnwrappedConnections {

    private static final WeakIdentityMap<Connection, Given> ALL = new WeakIdentityMap<>();

    /**
     * @param handle the one that gave the connection away
     * @param joined the transaction's part at that moment; null outside a transaction
     */
    private record Given(WeakReference<TrackedConnection> handle, WeakReference<Enlistment> joined) {}

    private UnwrappedConnections() {}

    /**
     * @param given a connection or statement below a handle; anything else is ignored
     * @param by the handle that gives it away
     */
    static void add(Object given, TrackedConnection by) throws SQLException {
        Connection connection = given instanceof Statement statement
                ? statement.getConnection()
                : given instanceof Connection itself ? itself : null;
        if (connection == null || connection instanceof TrackedConnection) {
            return;
        }
        Given away = new Given(new WeakReference<>(by), new WeakReference<>(by.enlistment()));
        ALL.put(connection, away);
        Connection below = connection.isWrapperFor(Connection.class) ? connection.unwrap(Connection.class) : connection;
        if (below != connection && !(below instanceof TrackedConnection)) {
            ALL.put(below, away);
        }
    }

    /** Whether it was given away, in a transaction or outside. */
    public static boolean knows(Connection connection) {
        return ALL.get(connection) != null;
    }

    /** Whether it was given away in a transaction that is still open. */
    public static boolean isEnlisted(Connection connection) {
        Given given = ALL.get(connection);
        Enlistment joined = given == null ? null : given.joined.get();
        return joined != null && joined.open();
    }

    /**
     * Called before a statement runs on it in a fenced scope, outside any distributed transaction: makes the claims, as
     * the handle would.
     *
     * @throws RuntimeException of the application's own classes, to refuse the statement
     */
    public static void beforeRun(Connection connection) throws SQLException {
        Given given = ALL.get(connection);
        TrackedConnection handle = given == null ? null : given.handle.get();
        if (handle != null) {
            handle.beforeUnseenRun();
        }
    }
}
