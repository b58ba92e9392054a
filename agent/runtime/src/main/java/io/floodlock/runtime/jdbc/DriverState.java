package io.floodlock.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What PostgreSQL's driver knows of a connection without asking the server. An error dooms a transaction there, wherever it
 * shows: in a statement, or later, as a result is fetched. COMMIT then answers ROLLBACK, which the driver may take for success.
 */
public final class DriverState {

    private static final String DRIVERS_CONNECTION = "org.postgresql.core.BaseConnection";

    private DriverState() {}

    /**
     * Whether the transaction that is open is doomed; null if it can't be told, as the driver can't be reached.
     *
     * @param source what handed the connection out
     */
    public static Boolean doomed(Connection connection, Object source) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        for (ClassLoader loader : new ClassLoader[] {source.getClass().getClassLoader(), context}) {
            try {
                Class<?> type = Class.forName(DRIVERS_CONNECTION, false, loader);
                Object state = Beans.ask(connection.unwrap(type), "getTransactionState");
                if (state != null) {
                    return state.toString().equals("FAILED");
                }
            } catch (ClassNotFoundException | LinkageError | SQLException e) {
                // another loader may see it
            }
        }
        return null;
    }
}
