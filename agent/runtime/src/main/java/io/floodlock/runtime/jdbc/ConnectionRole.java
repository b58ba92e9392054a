package io.floodlock.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;

/** What the calls of a handle do, which depends on whether it is part of a transaction of ours. */
interface ConnectionRole {

    /** What statements run on. */
    Connection physical();

    void commit() throws SQLException;

    void rollback() throws SQLException;

    void setAutoCommit(boolean value) throws SQLException;

    boolean getAutoCommit() throws SQLException;

    void setReadOnly(boolean value) throws SQLException;

    boolean isReadOnly() throws SQLException;

    void setTransactionIsolation(int level) throws SQLException;

    /** A call of JDBC that changes the session. @param name the call's */
    void changeSession(String name, Change change) throws SQLException;

    /** A call of JDBC that changes what the driver keeps of the connection by itself. @param name the call's */
    void changeDriver(String name, Change change) throws SQLException;

    /** What is claimed after a savepoint would be undone with it. */
    void beforeSavepoint() throws SQLException;

    /** After one was set. */
    void savepoint(Savepoint set);

    void rollback(Savepoint savepoint) throws SQLException;

    /** After one was released. */
    void released(Savepoint savepoint);

    /** The application is about to have a statement of the driver's own, and with it the driver's connection. */
    void bypassed() throws SQLException;

    /** The application is about to unwrap the driver's connection. */
    void unwrapping() throws SQLException;

    /** A setter of the driver's connection. */
    interface Change {
        void on(Connection connection) throws SQLException;
    }
}
