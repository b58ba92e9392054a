package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.jdbc.driver.SqlCall;
import io.floodlock.runtime.jdbc.sql.Sql;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * A handle that forwards calls to its present role: its own {@link LocalRole}, or an {@link EnlistedRole} from the
 * moment when a transaction enlists it until it leaves. As thread-safe as the driver's connection.
 */
public class SwitchingConnection extends RoleCalls {

    private final ConnectionHooks hooks;
    private final HandleFactory handles;
    private final Function<FloodlockFailure, RuntimeException> toCaller;
    private final LocalRole local;

    /** Null while the handle is in no distributed transaction. */
    private volatile EnlistedRole enlisted;

    private volatile boolean closed;

    /**
     * @param handles creates its statements
     * @param madeBy the class whose method handed it out; null if the source did not create it but only passed it on
     * @param raw the connection that the source handed out
     */
    protected SwitchingConnection(
            HandleFactory handles,
            ConnectionHooks hooks,
            Object source,
            Class<?> madeBy,
            Connection raw,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        super(source, madeBy, raw);
        this.hooks = hooks;
        this.handles = handles;
        this.toCaller = toCaller;
        this.local = new LocalRole(this, hooks, toCaller);
    }

    /** Creates a handle with no connection of its own, which lives as long as the enlistment. */
    protected SwitchingConnection(
            HandleFactory handles,
            ConnectionHooks hooks,
            Object source,
            Class<?> madeBy,
            Enlistment enlistment,
            boolean autoCommit,
            boolean readOnly,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        this(handles, hooks, source, madeBy, null, toCaller);
        this.enlisted = new EnlistedRole(this, enlistment, autoCommit, readOnly, toCaller);
    }

    @Override
    ConnectionRole role() throws SQLException {
        checkOpen();
        EnlistedRole joined = enlisted;
        return joined != null ? joined : local;
    }

    private void checkOpen() throws SQLException {
        if (closed) {
            throw new SQLException("This connection has been closed.", "08003");
        }
    }

    // ---- its part in a transaction

    @Override
    public void join(Enlistment joined) throws SQLException {
        enlisted = new EnlistedRole(this, joined, raw().getAutoCommit(), raw().isReadOnly(), toCaller);
    }

    @Override
    public void leave(boolean usable) throws SQLException {
        EnlistedRole left = enlisted;
        enlisted = null;
        if (raw() == null) {
            closed = true;
            if (left != null) {
                left.closeStatements();
            }
        } else if (left != null && left.physical() == raw()) {
            if (closed) {
                local.closeRaw();
            } else if (usable) {
                left.restore();
            }
        }
    }

    @Override
    public Enlistment enlistment() {
        EnlistedRole joined = enlisted;
        return joined == null ? null : joined.enlistment();
    }

    @Override
    public Connection physical() {
        EnlistedRole joined = enlisted;
        return joined != null ? joined.physical() : raw();
    }

    @Override
    public boolean autoCommit() {
        EnlistedRole joined = enlisted;
        return joined != null && joined.autoCommit();
    }

    @Override
    public boolean readOnly() {
        EnlistedRole joined = enlisted;
        return joined != null && joined.readOnly();
    }

    @Override
    public boolean hasOpenWork() throws SQLException {
        LocalTransaction own = nearest().transaction();
        return own != null && own.dirty();
    }

    private EnlistedRole enlist() throws SQLException {
        if (local.passive()) {
            return null;
        }
        if (DriverCallDepth.inside() || enlisted == null && local.isCovered()) {
            local.bePassive();
            return null;
        }
        try {
            return hooks.enlist(this) == null ? null : enlisted;
        } catch (FloodlockFailure e) {
            throw toCaller.apply(e);
        }
    }

    // ---- stacked handles

    @Override
    TrackedConnection nearest() {
        return local.nearest();
    }

    @Override
    LocalTransaction transaction() {
        return local.transaction();
    }

    @Override
    void beforeUnseenRun() throws SQLException {
        checkOpen();
        (local.passive() ? nearest() : this).claimUnseen();
    }

    @Override
    void claimUnseen() throws SQLException {
        if (enlisted == null) {
            local.claimUnseen();
        }
    }

    @Override
    public String nativeSQL(String sql) throws SQLException {
        checkOpen();
        if (!HandleBelow.isProbe(sql)) {
            return target().nativeSQL(sql);
        }
        HandleBelow.reached(this);
        return raw() == null ? sql : raw().nativeSQL(sql);
    }

    // ---- statements

    @Override
    final HandleFactory handles() {
        return handles;
    }

    @Override
    Connection forStatement() throws SQLException {
        checkOpen();
        if (enlisted == null && !hooks.watching()) {
            return raw();
        }
        EnlistedRole joined = enlist();
        return joined == null ? raw() : joined.physical();
    }

    @Override
    <T> T deeper(SqlCall<T> call) throws SQLException {
        if (enlisted == null) {
            return call.call();
        }
        DriverCallDepth.enter();
        try {
            return call.call();
        } finally {
            DriverCallDepth.leave();
        }
    }

    @Override
    void made(Statement statement) {
        EnlistedRole joined = enlisted;
        if (joined != null) {
            joined.made(statement);
        }
    }

    @Override
    void closed(Statement statement) {
        EnlistedRole joined = enlisted;
        if (joined != null) {
            joined.closed(statement);
        }
    }

    @Override
    AfterRun beforeRun(Connection madeOn, Statement statement, String text) throws SQLException {
        checkOpen();
        if (enlisted == null && !hooks.watching()) {
            local.beforeRun(text);
            return null;
        }
        Sql sql = Sql.of(text);
        EnlistedRole joined = enlist();
        return joined != null ? joined.beforeRun(madeOn, statement, sql) : local.beforeRun(statement, sql, text);
    }

    @Override
    AfterRun beforeBatched(Connection madeOn, Statement statement, String text) throws SQLException {
        checkOpen();
        if (enlisted == null && !hooks.watching()) {
            local.beforeBatched(text);
            return null;
        }
        Sql sql = Sql.of(text);
        EnlistedRole joined = enlist();
        if (joined != null) {
            return joined.beforeRun(madeOn, statement, sql);
        }
        local.beforeBatched(sql, text);
        return null;
    }

    @Override
    void bypassed() throws SQLException {
        EnlistedRole joined = enlisted;
        handedOut.touch();
        (joined != null ? joined : local).bypassed();
    }

    // ---- the end of work

    @Override
    public void close() throws SQLException {
        if (closed) {
            return;
        }
        closed = true;
        EnlistedRole joined = enlisted;
        if (joined != null) {
            joined.closeStatements();
            joined.enlistment().closed(this);
        }
        if (raw() != null && (joined == null || joined.physical() != raw())) {
            local.closeRaw();
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
            local.broken();
        }
    }

    // ---- the connection below

    @Override
    public DatabaseMetaData getMetaData() throws SQLException {
        return TrackedMetaData.of(this, target().getMetaData());
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        if (DriverCallDepth.inside()) {
            Connection below = target();
            return type.isInstance(below) ? type.cast(below) : below.unwrap(type);
        }
        Connection to = forStatement();
        handedOut.touch();
        role().unwrapping();
        T given = type.isInstance(to) ? type.cast(to) : to.unwrap(type);
        UnwrappedConnections.add(given, this);
        return given;
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || type.isInstance(target()) || target().isWrapperFor(type);
    }
}
