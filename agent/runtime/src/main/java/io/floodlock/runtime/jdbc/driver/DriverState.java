package io.floodlock.runtime.jdbc.driver;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The transaction state that PostgreSQL's driver knows without asking the server. On PostgreSQL an error dooms a
 * transaction, wherever the error shows: in a statement, or later, when a result is fetched. COMMIT then answers
 * ROLLBACK, which the driver may take for success. Thread-safe.
 */
public final class DriverState {

    private static final String DRIVERS_CONNECTION = "org.postgresql.core.BaseConnection";

    private static final String GETTER = "getTransactionState";
    private static final String FAILED = "FAILED";

    /** Cached, because the lookup of a method takes longer than its call. */
    private static final ClassValue<Optional<Method>> GETTERS = new ClassValue<>() {
        @Override
        protected Optional<Method> computeValue(Class<?> type) {
            try {
                Method getter = type.getMethod(GETTER);
                getter.setAccessible(true);
                return Optional.of(getter);
            } catch (NoSuchMethodException | RuntimeException e) {
                return Optional.empty();
            }
        }
    };

    private DriverState() {}

    /**
     * Whether the open transaction is doomed; null if that can't be determined, because the driver can't be reached.
     *
     * @param source the DataSource that handed out the connection
     */
    public static Boolean doomed(Connection connection, Object source) {
        Object driver = DriverConnection.below(connection);
        Object state = driver == null ? null : state(driver);
        return state == null ? asSeenBy(source, connection) : (Boolean) state.equals(FAILED);
    }

    private static Object state(Object driver) {
        Method getter = GETTERS.get(driver.getClass()).orElse(null);
        try {
            return getter == null ? null : getter.invoke(driver).toString();
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    private static Boolean asSeenBy(Object source, Connection connection) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        for (ClassLoader loader : new ClassLoader[] {source.getClass().getClassLoader(), context}) {
            try {
                Class<?> type = Class.forName(DRIVERS_CONNECTION, false, loader);
                Object state = PoolGetters.get(connection.unwrap(type), GETTER);
                if (state != null) {
                    return state.toString().equals(FAILED);
                }
            } catch (ClassNotFoundException | LinkageError | SQLException e) {
                // another loader may see it
            }
        }
        return null;
    }
}
