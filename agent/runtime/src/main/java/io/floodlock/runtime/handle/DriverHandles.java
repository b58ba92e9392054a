package io.floodlock.runtime.handle;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.ConnectionHooks;
import io.floodlock.runtime.jdbc.Enlistment;
import io.floodlock.runtime.jdbc.HandleFactory;
import io.floodlock.runtime.jdbc.StatementOwner;
import io.floodlock.runtime.jdbc.TrackedConnection;
import io.floodlock.runtime.jdbc.TrackedStatement;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.function.Function;

/**
 * Creates the handles of its own class loader. {@code HandleLoader} finds this class by name and creates it once for
 * each loader of a driver.
 */
public final class DriverHandles implements HandleFactory {

    @Override
    public TrackedConnection connection(
            ConnectionHooks hooks,
            Object source,
            Class<?> madeBy,
            Connection raw,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        return new ConnectionHandle(this, hooks, source, madeBy, raw, toCaller);
    }

    @Override
    public TrackedConnection connection(
            ConnectionHooks hooks,
            Object source,
            Class<?> madeBy,
            Enlistment enlistment,
            boolean autoCommit,
            boolean readOnly,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        return new ConnectionHandle(this, hooks, source, madeBy, enlistment, autoCommit, readOnly, toCaller);
    }

    @Override
    public Statement statement(StatementOwner owner, Connection madeOn, Statement delegate) {
        return new StatementHandle(owner, madeOn, delegate);
    }

    @Override
    public PreparedStatement prepared(StatementOwner owner, Connection madeOn, PreparedStatement delegate, String sql) {
        return new PreparedStatementHandle(owner, madeOn, delegate, sql);
    }

    @Override
    public CallableStatement callable(StatementOwner owner, Connection madeOn, CallableStatement delegate, String sql) {
        return new CallableStatementHandle(owner, madeOn, delegate, sql);
    }

    @Override
    public ResultSet result(TrackedStatement statement, ResultSet delegate) {
        return new ResultSetHandle(statement, delegate);
    }
}
