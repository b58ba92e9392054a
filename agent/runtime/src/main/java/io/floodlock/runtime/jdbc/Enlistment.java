package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.jdbc.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;

/**
 * The part of a connection in a distributed transaction. Until the transaction is over, it ends the work, and not the
 * application. Several handles may share one enlistment; each call names the handle that it is made for. The
 * transaction engine implements it, {@link EnlistedRole} calls it.
 */
public interface Enlistment extends AfterRun {

    /** Whether its transaction is still open. */
    boolean open();

    /**
     * The connection that statements run on. If two handles share one database, it may differ from the application's
     * own.
     */
    Connection physical();

    /**
     * Called before a statement runs; throws to refuse it. Every call that returns is followed by one of {@link
     * #afterRun}.
     */
    void beforeRun(TrackedConnection by, Statement statement, Sql sql) throws SQLException;

    /** @param failure what the driver threw, or null */
    @Override
    void afterRun(SQLException failure) throws SQLException;

    /** Called before a JDBC call that changes the session, such as {@code setSchema}; throws to refuse it. */
    void beforeSessionChange(TrackedConnection by, String call) throws SQLException;

    /**
     * Called before a JDBC call that changes state of the driver alone, such as {@code setNetworkTimeout}; throws to
     * refuse it.
     */
    void beforeDriverChange(TrackedConnection by, String call);

    /** Called before a savepoint is set. */
    void beforeSavepoint() throws SQLException;

    /** Called after a savepoint was set. */
    void savepoint(TrackedConnection by, Savepoint set);

    /** Called before a rollback to a savepoint; throws to refuse it. */
    void beforeRollback(TrackedConnection by, Savepoint savepoint) throws SQLException;

    /** Called after a rollback to a savepoint. */
    void rolledBackTo(Savepoint savepoint) throws SQLException;

    /** Called after a savepoint was released. */
    void released(Savepoint savepoint);

    /** The application commits. This is a vote only: nothing is committed yet. */
    void commit();

    /** The application rolls back: nothing of the whole transaction will be committed. */
    void rollback() throws SQLException;

    /** The application sets another isolation level. */
    void isolation(TrackedConnection by, int level) throws SQLException;

    /**
     * The application takes the driver's own connection and bypasses the handle: from now on its statements are not
     * known.
     */
    void bypassed(TrackedConnection by) throws SQLException;

    /** The application has closed its handle and no longer uses it. */
    void closed(TrackedConnection handle);
}
