package io.floodlock.runtime.jdbc;

import io.floodlock.forwarding.Forwarding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The handle that an application holds in place of its prepared statement. It calls the connection's handle around each
 * run.
 */
@Forwarding(
        value = PreparedStatement.class,
        over = TrackedStatement.class,
        except = {"execute", "executeQuery", "executeUpdate", "executeLargeUpdate"})
public class TrackedPreparedStatement extends ForwardingPreparedStatement {

    private final PreparedStatement delegate;
    private final String sql;

    protected TrackedPreparedStatement(
            StatementOwner owner, Connection madeOn, PreparedStatement delegate, String sql) {
        super(owner, madeOn, delegate);
        this.delegate = delegate;
        this.sql = sql;
    }

    @Override
    PreparedStatement delegate() {
        return delegate;
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        return tracked(run(sql, delegate::executeQuery));
    }

    @Override
    public int executeUpdate() throws SQLException {
        return run(sql, delegate::executeUpdate);
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        return run(sql, delegate::executeLargeUpdate);
    }

    @Override
    public boolean execute() throws SQLException {
        return run(sql, delegate::execute);
    }

    @Override
    public int[] executeBatch() throws SQLException {
        return run(sql, delegate::executeBatch);
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        return run(sql, delegate::executeLargeBatch);
    }
}
