package io.floodlock.runtime.jdbc;

import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The connections that applications have unwrapped, and use past their handles. What is then done is known as far as the
 * handle was told at that moment: its transaction has taken note. Thread-safe; keeps nothing alive.
 */
public final class GivenAway {

    private static final Map<Connection, WeakReference<Enlistment>> ALL =
            Collections.synchronizedMap(new WeakHashMap<>());

    private GivenAway() {}

    /**
     * @param given a connection or statement below a handle; anything else is ignored
     * @param joined the transaction's part at that moment, null outside
     */
    static void add(Object given, Enlistment joined) throws SQLException {
        Connection connection = given instanceof Statement statement
                ? statement.getConnection()
                : given instanceof Connection itself ? itself : null;
        if (connection == null || connection instanceof TrackedConnection) {
            return;
        }
        ALL.put(connection, new WeakReference<>(joined));
        Connection below = connection.isWrapperFor(Connection.class) ? connection.unwrap(Connection.class) : connection;
        if (below != connection && !(below instanceof TrackedConnection)) {
            ALL.put(below, new WeakReference<>(joined));
        }
    }

    /** Whether it was given away, in a transaction or outside. */
    public static boolean knows(Connection connection) {
        return ALL.containsKey(connection);
    }

    /** Whether it was given away in a transaction that goes on. */
    public static boolean isEnlisted(Connection connection) {
        WeakReference<Enlistment> given = ALL.get(connection);
        Enlistment joined = given == null ? null : given.get();
        return joined != null && joined.open();
    }
}
