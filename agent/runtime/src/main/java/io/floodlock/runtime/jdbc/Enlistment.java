package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.jdbc.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;

/**
 * A connection's part in a transaction: until it is over, the transaction and not the application ends the work.
 * Several handles may share one; each call says which of them it is made for.
 */
public interface Enlistment extends AfterRun {

    /** Whether the transaction that it is part of goes on. */
    boolean open();

    /** The connection that statements run on; another one than the application's where two share one database. */
    Connection physical();

    /** Before a statement runs; throws to refuse it. Every call is followed by one of {@link #afterRun}. */
    void beforeRun(TrackedConnection by, Statement statement, Sql sql) throws SQLException;

    /** @param failure what the driver threw, or null */
    @Override
    void afterRun(SQLException failure) throws SQLException;

    /** Before a call of JDBC that changes the session, as {@code setSchema} does; throws to refuse it. */
    void beforeSessionChange(TrackedConnection by, String call) throws SQLException;

    /**
     * Before a call of JDBC that changes what the driver keeps, as {@code setNetworkTimeout} does; throws to refuse it.
     */
    void beforeDriverChange(TrackedConnection by, String call);

    /** Before a savepoint is set. */
    void beforeSavepoint() throws SQLException;

    /** After one was set. */
    void savepoint(TrackedConnection by, Savepoint set);

    /** Before a rollback to one; throws to refuse it. */
    void beforeRollback(TrackedConnection by, Savepoint savepoint) throws SQLException;

    /** After a rollback to one. */
    void rolledBackTo(Savepoint savepoint) throws SQLException;

    /** After one was released. */
    void released(Savepoint savepoint);

    /** The application commits: a vote, no more. */
    void commit();

    /** The application rolls back: nothing of the whole transaction will be committed. */
    void rollback() throws SQLException;

    /** The application asks for another isolation level. */
    void isolation(TrackedConnection by, int level) throws SQLException;

    /** The application takes the driver's own connection, past all this: from here on the statements are not known. */
    void bypassed(TrackedConnection by) throws SQLException;

    /** The application has closed its handle, and uses it no more. */
    void closed(TrackedConnection handle);
}
