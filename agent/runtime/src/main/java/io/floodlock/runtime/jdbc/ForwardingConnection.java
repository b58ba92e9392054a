package io.floodlock.runtime.jdbc;

import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.NClob;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.ShardingKey;
import java.sql.Struct;
import java.util.Map;
import java.util.Properties;

/** A connection that forwards the calls that its subclasses do not handle. */
abstract class ForwardingConnection implements Connection {

    /** The connection that calls are forwarded to now. */
    abstract Connection target() throws SQLException;

    @Override
    public void beginRequest() throws SQLException {
        target().beginRequest();
    }

    @Override
    public void clearWarnings() throws SQLException {
        target().clearWarnings();
    }

    @Override
    public Array createArrayOf(String type, Object[] concurrency) throws SQLException {
        return target().createArrayOf(type, concurrency);
    }

    @Override
    public Blob createBlob() throws SQLException {
        return target().createBlob();
    }

    @Override
    public Clob createClob() throws SQLException {
        return target().createClob();
    }

    @Override
    public NClob createNClob() throws SQLException {
        return target().createNClob();
    }

    @Override
    public SQLXML createSQLXML() throws SQLException {
        return target().createSQLXML();
    }

    @Override
    public Struct createStruct(String type, Object[] concurrency) throws SQLException {
        return target().createStruct(type, concurrency);
    }

    @Override
    public void endRequest() throws SQLException {
        target().endRequest();
    }

    @Override
    public String getCatalog() throws SQLException {
        return target().getCatalog();
    }

    @Override
    public Properties getClientInfo() throws SQLException {
        return target().getClientInfo();
    }

    @Override
    public String getClientInfo(String value) throws SQLException {
        return target().getClientInfo(value);
    }

    @Override
    public int getHoldability() throws SQLException {
        return target().getHoldability();
    }

    @Override
    public int getNetworkTimeout() throws SQLException {
        return target().getNetworkTimeout();
    }

    @Override
    public String getSchema() throws SQLException {
        return target().getSchema();
    }

    @Override
    public int getTransactionIsolation() throws SQLException {
        return target().getTransactionIsolation();
    }

    @Override
    public Map<String, Class<?>> getTypeMap() throws SQLException {
        return target().getTypeMap();
    }

    @Override
    public SQLWarning getWarnings() throws SQLException {
        return target().getWarnings();
    }

    @Override
    public String nativeSQL(String sql) throws SQLException {
        return target().nativeSQL(sql);
    }

    @Override
    public void releaseSavepoint(Savepoint value) throws SQLException {
        target().releaseSavepoint(value);
    }

    @Override
    public void setCatalog(String value) throws SQLException {
        target().setCatalog(value);
    }

    @Override
    public void setSchema(String value) throws SQLException {
        target().setSchema(value);
    }

    @Override
    public void setShardingKey(ShardingKey first, ShardingKey value) throws SQLException {
        target().setShardingKey(first, value);
    }

    @Override
    public void setShardingKey(ShardingKey value) throws SQLException {
        target().setShardingKey(value);
    }

    @Override
    public boolean setShardingKeyIfValid(ShardingKey first, int value) throws SQLException {
        return target().setShardingKeyIfValid(first, value);
    }

    @Override
    public boolean setShardingKeyIfValid(ShardingKey first, ShardingKey value, int third) throws SQLException {
        return target().setShardingKeyIfValid(first, value, third);
    }
}
