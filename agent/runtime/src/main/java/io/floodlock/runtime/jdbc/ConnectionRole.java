package io.floodlock.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;

/**
 * Carries out the calls of a handle: {@link LocalRole} outside a distributed transaction, {@link EnlistedRole} in one.
 */
interface ConnectionRole {

    /** The connection that statements run on. */
    Connection physical();

    void commit() throws SQLException;

    void rollback() throws SQLException;

    void setAutoCommit(boolean value) throws SQLException;

    boolean getAutoCommit() throws SQLException;

    void setReadOnly(boolean value) throws SQLException;

    boolean isReadOnly() throws SQLException;

    void setTransactionIsolation(int level) throws SQLException;

    /**
     * Makes a JDBC call that changes the session.
     *
     * @param name of the call, for messages
     */
    void changeSession(String name, Change change) throws SQLException;

    /**
     * Makes a JDBC call that changes state which only the driver keeps for the connection.
     *
     * @param name of the call, for messages
     */
    void changeDriver(String name, Change change) throws SQLException;

    /** Called before a savepoint is set, because a rollback to it would undo later claims. */
    void beforeSavepoint() throws SQLException;

    /** Called after a savepoint was set. */
    void savepoint(Savepoint set);

    void rollback(Savepoint savepoint) throws SQLException;

    /** Called after a savepoint was released. */
    void released(Savepoint savepoint);

    /** The application is about to receive an object of the driver, and through it the driver's connection. */
    void bypassed() throws SQLException;

    /** The application is about to unwrap the driver's connection. */
    void unwrapping() throws SQLException;

    /** A setter of the driver's connection. */
    interface Change {
        void on(Connection connection) throws SQLException;
    }
}
