package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What an application holds in place of its connection. Outside any scope every call goes straight through. In a transaction
 * it is enlisted by its first statement, and from then on:
 *
 * <ul>
 *   <li>statements run on the enlistment's physical connection, this one's own or that of another handle on the same database;
 *   <li>commit, rollback, close and the commit mode are the transaction's affair, and only look done to the application;
 *   <li>when the transaction is over, {@link #leave()} does what was put off, and the handle is an ordinary connection again.
 * </ul>
 *
 * A handle that a pool or proxy uses within a call of an outer handle recognises that at its first use in a scope, and is
 * passive from then on. As safe for threads as the driver's own, that is for one at a time.
 */
public class TrackedConnection extends StatementMaker {

    private final Gate gate;
    private final Object source;
    private final Connection raw;
    private final Handles handles;
    private final Function<FloodlockFailure, RuntimeException> toCaller;

    private volatile Enlistment enlistment;
    private volatile boolean closed;
    private boolean passive;
    /** The application's own transactions on it; null where it has no connection of its own. */
    final LocalWork local;

    private boolean autoCommit;
    private boolean readOnly;
    private int isolationAsked = TRANSACTION_NONE;

    /** @param raw what the source handed out */
    public TrackedConnection(
            Gate gate, Object source, Connection raw, Function<FloodlockFailure, RuntimeException> toCaller) {
        this(gate, source, raw, Handles.of(raw), toCaller);
    }

    private TrackedConnection(
            Gate gate,
            Object source,
            Connection raw,
            Handles handles,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        this.gate = gate;
        this.source = source;
        this.raw = raw;
        this.handles = handles;
        this.toCaller = toCaller;
        this.local = raw == null ? null : new LocalWork(raw);
    }

    /** A handle with no connection of its own, which lives as long as the enlistment. */
    public TrackedConnection(
            Gate gate,
            Object source,
            Enlistment enlistment,
            boolean autoCommit,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        this(gate, source, null, Handles.of(enlistment.physical()), toCaller);
        this.enlistment = enlistment;
        this.autoCommit = autoCommit;
    }

    /** What handed it out. */
    public Object source() {
        return source;
    }

    /** What the source handed out; null where it was not asked. */
    public Connection raw() {
        return raw;
    }

    public Enlistment enlistment() {
        return enlistment;
    }

    /** What its statements run on, in a transaction or outside; null for a handle that has ended. */
    public Connection physical() {
        Enlistment joined = enlistment;
        return joined != null ? joined.physical() : raw;
    }

    /** Whether work is under way on it that began outside a transaction of ours. */
    public boolean hasOpenWork() throws SQLException {
        LocalWork nearest = local.handle(this).local;
        return nearest != null && nearest.dirty();
    }

    /** The application's own transaction on it, or null. */
    LocalTransaction transaction() {
        return local.current();
    }

    /** Makes it part of a transaction. */
    public void join(Enlistment joined) throws SQLException {
        autoCommit = raw.getAutoCommit();
        readOnly = raw.isReadOnly();
        enlistment = joined;
    }

    /** The commit mode that the application sees while enlisted. */
    public boolean autoCommit() {
        return autoCommit;
    }

    /** What the application asked of its own connection, or TRANSACTION_NONE. */
    public int isolationAsked() {
        return isolationAsked;
    }

    /**
     * Ends the enlistment: the connection goes back where it was closed meanwhile, and is as the application left it else.
     *
     * @param usable false for a connection that was aborted: nothing is set on it, as the commit mode could commit
     */
    public void leave(boolean usable) throws SQLException {
        Enlistment left = enlistment;
        enlistment = null;
        if (raw == null) {
            closed = true;
        } else if (left != null && left.physical() == raw) {
            if (closed) {
                local.close();
            } else if (usable) {
                restore();
            }
        }
    }

    private void restore() throws SQLException {
        if (raw.getAutoCommit() != autoCommit) {
            raw.setAutoCommit(autoCommit);
        }
        if (raw.isReadOnly() != readOnly) {
            raw.setReadOnly(readOnly);
        }
    }

    // ---- statements

    /** Before a statement runs. @return null to run it as if the agent were absent */
    AfterRun beforeRun(Connection madeOn, Statement statement, String text) throws SQLException {
        if (enlistment == null && !gate.watching()) {
            local.used(this);
            return null;
        }
        Enlistment joined = enlist();
        Sql sql = Sql.of(text);
        if (joined != null) {
            return enlisted(joined, madeOn, statement, sql);
        }
        verify(sql);
        if (fenced()) {
            // the texts of a batch were seen one by one, and it has none of its own
            boolean reads = sql.plainRead() && !text.equals(Sql.BATCH);
            return fence().beforeRun(statement, sql, reads);
        }
        local.used(this);
        return null;
    }

    /** Before a text is put into a batch, where it is last seen. */
    AfterRun beforeBatched(Connection madeOn, Statement statement, String text) throws SQLException {
        if (enlistment == null && !gate.watching()) {
            return null;
        }
        Enlistment joined = enlist();
        Sql sql = Sql.of(text);
        if (joined != null) {
            return enlisted(joined, madeOn, statement, sql);
        }
        verify(sql);
        if (fenced()) {
            fence().beforeBatched(sql);
        }
        return null;
    }

    private void verify(Sql sql) throws SQLException {
        if (!passive && !sql.plainRead() && (sql.commits() || raw.getAutoCommit())) {
            verify();
        }
    }

    /** Whether this handle is to claim what its thread's scopes claim. */
    private boolean fenced() {
        return raw != null && !passive && gate.fenced() && local.handle(this) == this;
    }

    private LocalFence fence() {
        return new LocalFence(this, gate, toCaller);
    }

    private Enlistment enlisted(Enlistment joined, Connection madeOn, Statement statement, Sql sql)
            throws SQLException {
        if (readOnly && sql.writes()) {
            throw new SQLException("cannot execute " + sql.verb() + " on a connection set read-only", "25006");
        }
        if (joined.physical() != madeOn) {
            throw new SQLException(
                    "the statement was made before its connection joined the transaction, which uses another"
                            + " connection to the same database; make statements inside the method",
                    "25000");
        }
        try {
            joined.beforeRun(statement, sql);
        } catch (FloodlockFailure e) {
            throw toCaller.apply(e);
        }
        return joined;
    }

    private Enlistment enlist() throws SQLException {
        if (passive) {
            return null;
        }
        if (Nesting.inside()) {
            passive = true;
            return null;
        }
        try {
            return gate.enlist(this);
        } catch (FloodlockFailure e) {
            throw toCaller.apply(e);
        }
    }

    @Override
    Connection forStatement() throws SQLException {
        checkOpen();
        if (enlistment == null && !gate.watching()) {
            return raw;
        }
        Enlistment joined = enlist();
        return joined == null ? raw : joined.physical();
    }

    @Override
    <T> T deeper(SqlCall<T> call) throws SQLException {
        if (enlistment == null) {
            return call.call();
        }
        Nesting.enter();
        try {
            return call.call();
        } finally {
            Nesting.leave();
        }
    }

    @Override
    final Handles handles() {
        return handles;
    }

    @Override
    TrackedConnection self() {
        return this;
    }

    // ---- the end of work

    @Override
    public void commit() throws SQLException {
        checkOpen();
        Enlistment joined = enlistment;
        if (joined != null) {
            requireManualCommit("commit");
            vote(joined);
            return;
        }
        verifyOrRollBack();
        local.commit();
    }

    private void vote(Enlistment joined) {
        try {
            joined.commit();
        } catch (FloodlockFailure e) {
            throw toCaller.apply(e);
        }
    }

    @Override
    public void rollback() throws SQLException {
        checkOpen();
        Enlistment joined = enlistment;
        if (joined != null) {
            requireManualCommit("roll back");
            joined.rollback();
            return;
        }
        local.rollback();
    }

    private void requireManualCommit(String what) throws SQLException {
        if (autoCommit) {
            throw new SQLException("cannot " + what + " while autoCommit is on", "25P01");
        }
    }

    private void verify() {
        try {
            gate.beforeCommit();
        } catch (FloodlockFailure e) {
            throw toCaller.apply(e);
        }
    }

    private void verifyOrRollBack() throws SQLException {
        Fenced fenced = local.fenced();
        local.ending();
        if (passive || fenced == null && !gate.watching()) {
            return;
        }
        try {
            gate.beforeCommit();
            if (fenced != null) {
                fenced.beforeCommit();
            }
        } catch (FloodlockFailure e) {
            rollBack(e);
            throw toCaller.apply(e);
        }
    }

    /** Because of a failure that goes to the application. */
    void rollBack(FloodlockFailure because) {
        try {
            local.rollback();
        } catch (SQLException | RuntimeException | Error e) {
            because.addSuppressed(e);
            // setting the commit mode, as applications do next, would commit what is open
            local.abort(because);
        }
    }

    @Override
    public void setAutoCommit(boolean value) throws SQLException {
        checkOpen();
        Enlistment joined = enlistment;
        if (joined != null) {
            if (value && !autoCommit) {
                vote(joined);
            }
            autoCommit = value;
            return;
        }
        if (value && hasOpenWork()) {
            verifyOrRollBack();
        }
        local.setAutoCommit(value);
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        checkOpen();
        return enlistment != null ? autoCommit : raw.getAutoCommit();
    }

    @Override
    public void setReadOnly(boolean value) throws SQLException {
        checkOpen();
        if (enlistment != null) {
            readOnly = value;
        } else {
            raw.setReadOnly(value);
        }
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        checkOpen();
        return enlistment != null ? readOnly : raw.isReadOnly();
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        checkOpen();
        Enlistment joined = enlistment;
        if (joined == null) {
            raw.setTransactionIsolation(level);
            isolationAsked = level;
            return;
        }
        try {
            joined.isolation(level);
        } catch (FloodlockFailure e) {
            throw toCaller.apply(e);
        }
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        Connection to = forStatement();
        beforeSavepoint();
        return noted(to.setSavepoint());
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        Connection to = forStatement();
        beforeSavepoint();
        return noted(to.setSavepoint(name));
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        target().rollback(savepoint);
        Enlistment joined = enlistment;
        if (joined != null) {
            joined.rolledBackTo(savepoint);
        } else if (local.fenced() != null) {
            local.fenced().rolledBackTo(savepoint);
        }
    }

    private Savepoint noted(Savepoint set) {
        Enlistment joined = enlistment;
        if (joined != null) {
            joined.savepoint(set);
        } else if (local.fenced() != null) {
            local.fenced().savepoint(set);
        }
        return set;
    }

    /** What is claimed after it would be undone with it. */
    private void beforeSavepoint() throws SQLException {
        Enlistment joined = enlistment;
        if (joined != null) {
            try {
                joined.beforeSavepoint();
            } catch (FloodlockFailure e) {
                throw toCaller.apply(e);
            }
        } else if (gate.watching() && fenced()) {
            fence().claim();
        }
    }

    @Override
    public void close() throws SQLException {
        if (closed) {
            return;
        }
        closed = true;
        Enlistment joined = enlistment;
        if (raw != null && (joined == null || joined.physical() != raw)) {
            local.close();
        }
    }

    @Override
    public boolean isClosed() throws SQLException {
        return closed || target().isClosed();
    }

    @Override
    public boolean isValid(int timeout) throws SQLException {
        return !closed && target().isValid(timeout);
    }

    @Override
    public void abort(Executor executor) throws SQLException {
        if (closed) {
            return;
        }
        try {
            target().abort(executor);
        } finally {
            if (local != null) {
                local.broken();
            }
        }
    }

    private void checkOpen() throws SQLException {
        if (closed) {
            throw new SQLException("This connection has been closed.", "08003");
        }
    }

    // ---- the rest

    @Override
    Connection target() throws SQLException {
        checkOpen();
        Enlistment joined = enlistment;
        return joined != null ? joined.physical() : raw;
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

    @Override
    public DatabaseMetaData getMetaData() throws SQLException {
        return MetaData.of(this, target().getMetaData());
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        Connection to = forStatement();
        Enlistment joined = enlistment;
        if (joined != null) {
            joined.bypassed();
        } else if (gate.watching() && fenced()) {
            fence().claim();
        }
        T given = type.isInstance(to) ? type.cast(to) : to.unwrap(type);
        GivenAway.add(given, joined);
        return given;
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || type.isInstance(target()) || target().isWrapperFor(type);
    }
}
