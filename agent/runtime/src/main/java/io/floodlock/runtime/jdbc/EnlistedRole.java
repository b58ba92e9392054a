package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.jdbc.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.function.Function;

/** In a transaction of ours, which ends the work: what the application sets shows at the handle alone until then. */
final class EnlistedRole implements ConnectionRole {

    private final TrackedConnection handle;
    private final Enlistment enlistment;
    private final Function<FloodlockFailure, RuntimeException> toCaller;

    /** What is to be closed with a handle whose connection stays open; null as long as there is nothing. */
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
        ask(() -> enlistment.beforeRun(handle, statement, sql));
        return enlistment;
    }

    /** Notes what is to be closed with the handle. */
    void made(Statement statement) {
        if (statements == null) {
            statements = new OpenStatements();
        }
        statements.add(statement);
    }

    /** The application has closed it. */
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
        ask(enlistment::beforeSavepoint);
    }

    @Override
    public void savepoint(Savepoint set) {
        enlistment.savepoint(handle, set);
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        Connection to = physical();
        ask(() -> enlistment.beforeRollback(handle, savepoint));
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
        ask(() -> enlistment.isolation(handle, level));
    }

    @Override
    public void changeSession(String name, Change change) throws SQLException {
        ask(() -> enlistment.beforeSessionChange(handle, name));
        make(change);
    }

    @Override
    public void changeDriver(String name, Change change) throws SQLException {
        ask(() -> enlistment.beforeDriverChange(handle, name));
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

    /** Leaves the connection as the application wants it, once the transaction is over. */
    void restore() throws SQLException {
        Connection raw = handle.raw();
        if (raw.getAutoCommit() != autoCommit) {
            raw.setAutoCommit(autoCommit);
        }
        if (raw.isReadOnly() != readOnly) {
            raw.setReadOnly(readOnly);
        }
    }

    /** What an enlistment refuses goes to the application as its own exception. */
    private void ask(Question question) throws SQLException {
        try {
            question.ask();
        } catch (FloodlockFailure e) {
            throw toCaller.apply(e);
        }
    }

    private interface Question {
        void ask() throws SQLException;
    }
}
