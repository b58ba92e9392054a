package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.function.Function;

/**
 * Creates the handles that an application holds in place of its driver's objects. Their classes have a loader that sees
 * the driver; see {@link HandleLoader}. Thread-safe.
 */
public interface HandleFactory {

    /** The factory whose handle classes see what that connection's class loader sees. */
    static HandleFactory of(Connection connection) {
        return HandleLoader.handles(connection.getClass());
    }

    TrackedConnection connection(
            ConnectionHooks hooks,
            Object source,
            Class<?> madeBy,
            Connection raw,
            Function<FloodlockFailure, RuntimeException> toCaller);

    /** Creates a handle with no connection of its own, which uses that of the enlistment. */
    TrackedConnection connection(
            ConnectionHooks hooks,
            Object source,
            Class<?> madeBy,
            Enlistment enlistment,
            boolean autoCommit,
            boolean readOnly,
            Function<FloodlockFailure, RuntimeException> toCaller);

    Statement statement(StatementOwner owner, Connection madeOn, Statement delegate);

    PreparedStatement prepared(StatementOwner owner, Connection madeOn, PreparedStatement delegate, String sql);

    CallableStatement callable(StatementOwner owner, Connection madeOn, CallableStatement delegate, String sql);

    ResultSet result(TrackedStatement statement, ResultSet delegate);
}
