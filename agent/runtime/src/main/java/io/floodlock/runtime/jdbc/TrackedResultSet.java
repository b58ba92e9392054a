package io.floodlock.runtime.jdbc;

import io.floodlock.forwarding.Forwarding;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The handle of a result set. It leads back to the application's statement, and tracks changes of rows as statements.
 */
@Forwarding(
        value = ResultSet.class,
        except = {"getStatement", "insertRow", "updateRow", "deleteRow"})
public class TrackedResultSet extends ForwardingResultSet {

    private static final String CHANGE = "UPDATE through a result";

    private final TrackedStatement statement;
    private final ResultSet delegate;

    protected TrackedResultSet(TrackedStatement statement, ResultSet delegate) {
        this.statement = statement;
        this.delegate = delegate;
    }

    @Override
    ResultSet delegate() {
        return delegate;
    }

    @Override
    public Statement getStatement() throws SQLException {
        return delegate.getStatement() == null ? null : statement;
    }

    @Override
    public void insertRow() throws SQLException {
        change(delegate::insertRow);
    }

    @Override
    public void updateRow() throws SQLException {
        change(delegate::updateRow);
    }

    @Override
    public void deleteRow() throws SQLException {
        change(delegate::deleteRow);
    }

    private void change(Change change) throws SQLException {
        statement.run(CHANGE, () -> {
            change.make();
            return null;
        });
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        statement.bypassed();
        return type.isInstance(delegate) ? type.cast(delegate) : delegate.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || type.isInstance(delegate) || delegate.isWrapperFor(type);
    }

    private interface Change {
        void make() throws SQLException;
    }
}
