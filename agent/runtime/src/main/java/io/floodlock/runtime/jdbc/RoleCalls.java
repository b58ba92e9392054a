package io.floodlock.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;

/**
 * The JDBC calls that the role of the handle alone decides: the end of work, savepoints and settings. {@link
 * SwitchingConnection} supplies the role.
 */
abstract class RoleCalls extends StatementOwner {

    RoleCalls(Object source, Class<?> madeBy, Connection raw) {
        super(source, madeBy, raw);
    }

    /** The present role of the handle; throws if the handle is closed. */
    abstract ConnectionRole role() throws SQLException;

    @Override
    Connection target() throws SQLException {
        return role().physical();
    }

    // ---- the end of work

    @Override
    public void commit() throws SQLException {
        role().commit();
    }

    @Override
    public void rollback() throws SQLException {
        role().rollback();
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        Connection to = forStatement();
        ConnectionRole role = role();
        role.beforeSavepoint();
        Savepoint set = to.setSavepoint();
        role.savepoint(set);
        return set;
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        Connection to = forStatement();
        ConnectionRole role = role();
        role.beforeSavepoint();
        Savepoint set = to.setSavepoint(name);
        role.savepoint(set);
        return set;
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        role().rollback(savepoint);
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        ConnectionRole role = role();
        role.physical().releaseSavepoint(savepoint);
        role.released(savepoint);
    }

    // ---- settings

    @Override
    public void setAutoCommit(boolean value) throws SQLException {
        role().setAutoCommit(value);
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        return role().getAutoCommit();
    }

    @Override
    public void setReadOnly(boolean value) throws SQLException {
        role().setReadOnly(value);
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return role().isReadOnly();
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        role().setTransactionIsolation(level);
    }

    @Override
    public void setSchema(String schema) throws SQLException {
        role().changeSession("setSchema", connection -> connection.setSchema(schema));
    }

    @Override
    public void setCatalog(String catalog) throws SQLException {
        role().changeSession("setCatalog", connection -> connection.setCatalog(catalog));
    }

    @Override
    public void setHoldability(int holdability) throws SQLException {
        role().changeDriver("setHoldability", connection -> connection.setHoldability(holdability));
    }

    @Override
    public void setNetworkTimeout(Executor executor, int millis) throws SQLException {
        role().changeDriver("setNetworkTimeout", connection -> connection.setNetworkTimeout(executor, millis));
    }

    @Override
    public void setTypeMap(Map<String, Class<?>> types) throws SQLException {
        role().changeDriver("setTypeMap", connection -> connection.setTypeMap(types));
    }

    @Override
    public void setClientInfo(String name, String value) throws SQLClientInfoException {
        clientInfoTarget().setClientInfo(name, value);
    }

    @Override
    public void setClientInfo(Properties properties) throws SQLClientInfoException {
        clientInfoTarget().setClientInfo(properties);
    }

    private Connection clientInfoTarget() throws SQLClientInfoException {
        try {
            return target();
        } catch (SQLException e) {
            throw new SQLClientInfoException(Map.of(), e);
        }
    }
}
