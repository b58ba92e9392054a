package io.floodlock.runtime.tx.engine;

import io.floodlock.runtime.tx.TxEngine;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** What a DataSource is once the agent has woven its {@code getConnection()}. */
final class Woven implements DataSource {

    private final TxEngine engine;
    private final DataSource real;

    Woven(TxEngine engine, DataSource real) {
        this.engine = engine;
        this.real = real;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection again = engine.reuse(real, real.getClass(), failure -> failure);
        return again != null ? again : engine.wrap(real, real.getClass(), real.getConnection(), failure -> failure);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return engine.wrap(real, real.getClass(), real.getConnection(user, password), failure -> failure);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return real.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        real.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        real.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return real.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return real.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return real.isWrapperFor(type);
    }
}
