package io.floodlock.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;

/** A connection's part in a transaction: until it is over, the transaction and not the application ends the work. */
public interface Enlistment extends AfterRun {

    /** Whether the transaction that it is part of goes on. */
    boolean open();

    /** The connection that statements run on; another one than the application's where two share one database. */
    Connection physical();

    /** Before a statement runs; throws to refuse it. Every call is followed by one of {@link #afterRun}. */
    void beforeRun(Statement statement, Sql sql) throws SQLException;

    /** @param failure what the driver threw, or null */
    @Override
    void afterRun(SQLException failure);

    /** Before a savepoint is set. */
    void beforeSavepoint() throws SQLException;

    /** After one was set. */
    void savepoint(Savepoint set);

    /** After a rollback to one. */
    void rolledBackTo(Savepoint savepoint);

    /** The application commits: a vote, no more. */
    void commit();

    /** The application rolls back: nothing of the whole transaction will be committed. */
    void rollback() throws SQLException;

    /** The application asks for another isolation level. */
    void isolation(int level) throws SQLException;

    /** The application takes the driver's own connection, past all this: from here on the statements are not known. */
    void bypassed() throws SQLException;
}
