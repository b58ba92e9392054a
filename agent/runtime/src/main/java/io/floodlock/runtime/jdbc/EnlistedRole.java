package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.jdbc.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.function.Function;

/**
 * The role of a handle in a distributed transaction. The transaction ends the work: a commit by the application is only
 * a vote, and a rollback dooms the whole transaction. Until the end, the commit and access modes that the application
 * sets show only at the handle. As thread-safe as the connection.
 */
final class EnlistedRole implements ConnectionRole {

    private final TrackedConnection handle;
    private final Enlistment enlistment;
    private final Function<FloodlockFailure, RuntimeException> toCaller;

    /** Statements to close with a handle whose connection stays open; null while there are none. */
    private OpenStatements statements;

    private boolean autoCommit;
    private boolean readOnly;

    EnlistedRole(
            TrackedConnection handle,
            Enlistment enlistment,
            boolean autoCommit,
            boolean readOnly,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        this.handle = handle;
        this.enlistment = enlistment;
        this.autoCommit = autoCommit;
        this.readOnly = readOnly;
        this.toCaller = toCaller;
    }

    Enlistment enlistment() {
        return enlistment;
    }

    @Override
    public Connection physical() {
        return enlistment.physical();
    }

    // ---- statements

    AfterRun beforeRun(Connection madeOn, Statement statement, Sql sql) throws SQLException {
        if (readOnly && sql.writes()) {
            throw new SQLException("cannot execute " + sql.verb() + " on a connection set read-only", "25006");
        }
        if (physical() != madeOn) {
            throw new SQLException(
                    "the statement was made before its connection joined the transaction, which uses another"
                            + " connection to the same database; make statements inside the method",
                    "25000");
        }
        callEnlistment(() -> enlistment.beforeRun(handle, statement, sql));
        return enlistment;
    }

    /** Records a statement that must be closed with the handle. */
    void made(Statement statement) {
        if (statements == null) {
            statements = new OpenStatements();
        }
        statements.add(statement);
    }

    /** The application has closed the statement. */
    void closed(Statement statement) {
        if (statements != null) {
            statements.remove(statement);
        }
    }

    void closeStatements() throws SQLException {
        if (statements != null) {
            statements.close();
        }
    }

    @Override
    public void bypassed() throws SQLException {
        enlistment.bypassed(handle);
    }

    @Override
    public void unwrapping() throws SQLException {
        enlistment.bypassed(handle);
    }

    // ---- the end of work

    @Override
    public void commit() throws SQLException {
        requireManualCommit("commit");
        vote();
    }

    private void vote() {
        try {
            enlistment.commit();
        } catch (FloodlockFailure e) {
            throw toCaller.apply(e);
        }
    }

    @Override
    public void rollback() throws SQLException {
        requireManualCommit("roll back");
        enlistment.rollback();
    }

    private void requireManualCommit(String what) throws SQLException {
        if (autoCommit) {
            throw new SQLException("cannot " + what + " while autoCommit is on", "25P01");
        }
    }

    @Override
    public void beforeSavepoint() throws SQLException {
        callEnlistment(enlistment::beforeSavepoint);
    }

    @Override
    public void savepoint(Savepoint set) {
        enlistment.savepoint(handle, set);
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        Connection to = physical();
        callEnlistment(() -> enlistment.beforeRollback(handle, savepoint));
        to.rollback(savepoint);
        enlistment.rolledBackTo(savepoint);
    }

    @Override
    public void released(Savepoint savepoint) {
        enlistment.released(savepoint);
    }

    // ---- settings

    boolean autoCommit() {
        return autoCommit;
    }

    boolean readOnly() {
        return readOnly;
    }

    @Override
    public void setAutoCommit(boolean value) {
        if (!handle.handedOut.knowsAutoCommit()) {
            handle.handedOut.autoCommit(autoCommit);
        }
        if (value && !autoCommit) {
            vote();
        }
        autoCommit = value;
    }

    @Override
    public boolean getAutoCommit() {
        return autoCommit;
    }

    @Override
    public void setReadOnly(boolean value) {
        if (!handle.handedOut.knowsReadOnly()) {
            handle.handedOut.readOnly(readOnly);
        }
        readOnly = value;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        callEnlistment(() -> enlistment.isolation(handle, level));
    }

    @Override
    public void changeSession(String name, Change change) throws SQLException {
        callEnlistment(() -> enlistment.beforeSessionChange(handle, name));
        make(change);
    }

    @Override
    public void changeDriver(String name, Change change) throws SQLException {
        callEnlistment(() -> enlistment.beforeDriverChange(handle, name));
        make(change);
    }

    private void make(Change change) throws SQLException {
        DriverCallDepth.enter();
        try {
            change.on(physical());
        } finally {
            DriverCallDepth.leave();
        }
    }

    /** Called when the transaction is over: sets the commit and access mode that the application wants. */
    void restore() throws SQLException {
        Connection raw = handle.raw();
        if (raw.getAutoCommit() != autoCommit) {
            raw.setAutoCommit(autoCommit);
        }
        if (raw.isReadOnly() != readOnly) {
            raw.setReadOnly(readOnly);
        }
    }

    /** Turns an enlistment's refusal into the application's own exception. */
    private void callEnlistment(EnlistmentCall call) throws SQLException {
        try {
            call.run();
        } catch (FloodlockFailure e) {
            throw toCaller.apply(e);
        }
    }

    private interface EnlistmentCall {
        void run() throws SQLException;
    }
}
