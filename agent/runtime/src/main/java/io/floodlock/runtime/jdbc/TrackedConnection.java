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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

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
 * Where handles lie one over another (a lazy or routing proxy over a pool, say), the one that stands next to the pool or driver
 * acts, as long as it was handed out for the outer one alone: then whatever lies between sees every call. The outer one is
 * passive from its first use in a scope on. Where that can't be told, and where the inner ones are kept by a pool, which
 * would lend them to others, the outer one acts, and the inner ones are passive. As safe for threads as the driver's own, that is for one at a time.
 */
public class TrackedConnection extends StatementMaker {

    private static final AtomicLong HANDED_OUT = new AtomicLong();

    /** Known by its identity. */
    private static final String PROBE = new String("SELECT 1");

    private static final ThreadLocal<TrackedConnection> REACHED = new ThreadLocal<>();

    private final long number = HANDED_OUT.incrementAndGet();
    private final long thread = Thread.currentThread().getId();
    private final Gate gate;
    private final Object source;
    private final Class<?> madeBy;
    private final Connection raw;
    private final Handles handles;
    private final Function<FloodlockFailure, RuntimeException> toCaller;

    private volatile Enlistment enlistment;
    private volatile boolean closed;
    private boolean passive;

    /** Whether its session may differ from what the source handed out, by what was done outside any transaction of ours. */
    private boolean touched;

    /** Its session as the source handed it out, where it was first changed in a transaction of ours; else null. */
    private SessionRead handedOut;

    /** As the source handed them out, where they were first changed while a transaction of ours was open; else null. */
    private DriverSettings driverBefore;

    /** As the source handed them out; null as long as they are unchanged. */
    private Boolean autoCommitBefore;

    private Boolean readOnlyBefore;

    /** What is to be closed with a handle whose connection stays open; null as long as there is nothing. */
    private OpenStatements statements;

    private Supplier<String> site = () -> "?";

    /** The application's own transactions on it; null where it has no connection of its own. */
    final LocalWork local;

    private boolean autoCommit;
    private boolean readOnly;

    /**
     * @param madeBy the class whose method handed it out, where its source made it and didn't only pass it on; else null
     * @param raw what the source handed out
     */
    public TrackedConnection(
            Gate gate,
            Object source,
            Class<?> madeBy,
            Connection raw,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        this(gate, source, madeBy, raw, Handles.of(raw), toCaller);
    }

    private TrackedConnection(
            Gate gate,
            Object source,
            Class<?> madeBy,
            Connection raw,
            Handles handles,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        this.gate = gate;
        this.source = source;
        this.madeBy = madeBy;
        this.raw = raw;
        this.handles = handles;
        this.toCaller = toCaller;
        this.local = raw == null ? null : new LocalWork(raw);
    }

    /** A handle with no connection of its own, which lives as long as the enlistment. */
    public TrackedConnection(
            Gate gate,
            Object source,
            Class<?> madeBy,
            Enlistment enlistment,
            boolean autoCommit,
            boolean readOnly,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        this(gate, source, madeBy, null, Handles.of(enlistment.physical()), toCaller);
        this.enlistment = enlistment;
        this.autoCommit = autoCommit;
        this.readOnly = readOnly;
    }

    /** The handle to which the calls of a connection lead; null if they lead to none, or that can't be told. */
    public static TrackedConnection below(Connection connection) {
        TrackedConnection told = LocalWork.below(connection);
        return told != null ? told : reachedThrough(connection);
    }

    /** Of a connection that doesn't tell what it wraps: calls a method that every driver answers by itself, and sees who is called. */
    private static TrackedConnection reachedThrough(Connection connection) {
        REACHED.remove();
        try {
            connection.nativeSQL(PROBE);
            return REACHED.get();
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            return null;
        } finally {
            REACHED.remove();
        }
    }

    @Override
    public String nativeSQL(String sql) throws SQLException {
        checkOpen();
        if (sql != PROBE) {
            return target().nativeSQL(sql);
        }
        REACHED.set(this);
        return raw == null ? sql : raw.nativeSQL(sql);
    }

    /** How many were handed out so far, in this JVM. */
    public static long handedOut() {
        return HANDED_OUT.get();
    }

    /** Whether this thread was handed it after the first so many. */
    public boolean isNewHere(long handedOut) {
        return number > handedOut && thread == Thread.currentThread().getId();
    }

    /** Whether its session may differ from what the source handed out, by what was done before the transaction. */
    public boolean touched() {
        return touched;
    }

    /** Its session as the source handed it out, if that was read before the first change; else null. */
    public SessionRead handedOutSession() {
        return handedOut;
    }

    /** What its driver keeps, as the source handed it out, if that was changed since; else null. */
    public DriverSettings handedOutDriverSettings() {
        return driverBefore;
    }

    /** The commit mode that the source handed it out in; known while enlisted. */
    public boolean handedOutAutoCommit() {
        return autoCommitBefore == null ? autoCommit : autoCommitBefore;
    }

    /** The access mode that the source handed it out in; known while enlisted. */
    public boolean handedOutReadOnly() {
        return readOnlyBefore == null ? readOnly : readOnlyBefore;
    }

    /** Where the application began to use it in its transaction. */
    public String site() {
        return site.get();
    }

    public void usedAt(Supplier<String> place) {
        site = place;
    }

    /** What handed it out. */
    public Object source() {
        return source;
    }

    /** The class whose method made it; null where that only passed on what another source had made. */
    public Class<?> madeBy() {
        return madeBy;
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

    /** Whether writes through it are to be refused, while enlisted. */
    public boolean readOnly() {
        return readOnly;
    }

    /**
     * Ends the enlistment: the connection goes back where it was closed meanwhile, and is as the application left it else.
     *
     * @param usable false for a connection that was aborted: nothing is set on it, as the commit mode could commit
     */
    public void leave(boolean usable) throws SQLException {
        Enlistment left = enlistment;
        enlistment = null;
        OpenStatements made = statements;
        statements = null;
        if (raw == null) {
            closed = true;
            if (made != null) {
                made.close();
            }
        } else if (left != null && left.physical() == raw) {
            if (closed) {
                giveBack();
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

    private void giveBack() throws SQLException {
        if (touched) {
            gate.touched(raw);
        }
        local.close();
    }

    // ---- statements

    /** Notes what is to be closed with this handle. */
    void made(Statement statement) {
        if (enlistment != null) {
            if (statements == null) {
                statements = new OpenStatements();
            }
            statements.add(statement);
        }
    }

    /** The application has a statement of the driver's own, and with it the driver's connection. */
    void bypassed(Enlistment joined) throws SQLException {
        touched = true;
        if (joined != null) {
            joined.bypassed(this);
        } else if (local != null) {
            local.giveAway();
            if (gate.watching() && fenced()) {
                fence().claim();
            }
        }
    }

    /** Before a statement of the driver's connection, which the application has unwrapped; throws to refuse it. */
    void beforeUnseenRun() throws SQLException {
        checkOpen();
        TrackedConnection acting = passive ? local.handle(this) : this;
        if (acting.enlistment == null && acting.gate.watching() && acting.fenced()) {
            acting.fence().beforeUnseenRun();
        }
    }

    /** The application has closed it. */
    void closed(Statement statement) {
        if (statements != null) {
            statements.remove(statement);
        }
    }

    /** Before a statement runs. @return null to run it as if the agent were absent */
    AfterRun beforeRun(Connection madeOn, Statement statement, String text) throws SQLException {
        checkOpen();
        if (enlistment == null && !gate.watching()) {
            ran(text);
            local.used(this);
            return null;
        }
        Sql sql = Sql.of(text);
        Enlistment joined = enlist();
        if (joined != null) {
            return enlisted(joined, madeOn, statement, sql);
        }
        ran(text);
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
        checkOpen();
        if (enlistment == null && !gate.watching()) {
            ran(text);
            return null;
        }
        Sql sql = Sql.of(text);
        Enlistment joined = enlist();
        if (joined != null) {
            return enlisted(joined, madeOn, statement, sql);
        }
        verify(sql);
        if (fenced()) {
            fence().beforeBatched(sql);
        }
        return null;
    }

    /** A statement in no transaction of ours. What runs below an acting handle is seen by nobody else. */
    private void ran(String text) {
        if (!touched && (!gate.remembersSessions() || Sql.of(text).session() != Sql.Session.STAYS)) {
            touched = true;
        }
        if (touched && passive) {
            gate.touched(raw);
        }
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
        ask(() -> joined.beforeRun(this, statement, sql));
        return joined;
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

    private Enlistment enlist() throws SQLException {
        if (passive) {
            return null;
        }
        if (Nesting.inside() || enlistment == null && isCovered()) {
            passive = true;
            return null;
        }
        try {
            return gate.enlist(this);
        } catch (FloodlockFailure e) {
            throw toCaller.apply(e);
        }
    }

    /** Whether a handle below it acts, so that this one is only in between. */
    private boolean isCovered() {
        TrackedConnection nearest = local.handle(this);
        return nearest != this && (nearest.enlistment != null || nearest.isNewHere(number));
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
            if (local.givenAway() && fenced()) {
                fence().beforeUnseenCommit();
                fenced = local.fenced();
            }
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
        if (autoCommitBefore == null) {
            autoCommitBefore = joined != null ? autoCommit : raw.getAutoCommit();
        }
        if (joined != null) {
            if (value && !autoCommit) {
                vote(joined);
            }
            autoCommit = value;
            return;
        }
        if (value && (hasOpenWork() || local.givenAway() && !raw.getAutoCommit())) {
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
        if (readOnlyBefore == null) {
            readOnlyBefore = enlistment != null ? readOnly : raw.isReadOnly();
        }
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
            beforeTouch();
            raw.setTransactionIsolation(level);
        } else {
            ask(() -> joined.isolation(this, level));
        }
    }

    @Override
    public void setSchema(String schema) throws SQLException {
        changeSession("setSchema", connection -> connection.setSchema(schema));
    }

    @Override
    public void setCatalog(String catalog) throws SQLException {
        changeSession("setCatalog", connection -> connection.setCatalog(catalog));
    }

    private void changeSession(String name, SessionChange change) throws SQLException {
        checkOpen();
        Enlistment joined = enlistment;
        if (joined == null) {
            beforeTouch();
            change.on(raw);
            return;
        }
        ask(() -> joined.beforeSessionChange(this, name));
        deeper(() -> {
            change.on(joined.physical());
            return null;
        });
    }

    /** In a transaction it is read, to be set back to, as a connection of a pool is reset once it is closed. */
    private void beforeTouch() throws SQLException {
        if (!touched && !passive && gate.watching() && !Nesting.inside() && !isCovered()) {
            ask(() -> handedOut = gate.read(this));
        }
        touched = true;
    }

    @Override
    public void setHoldability(int holdability) throws SQLException {
        changeDriver("setHoldability", connection -> connection.setHoldability(holdability));
    }

    @Override
    public void setNetworkTimeout(Executor executor, int millis) throws SQLException {
        changeDriver("setNetworkTimeout", connection -> connection.setNetworkTimeout(executor, millis));
    }

    @Override
    public void setTypeMap(Map<String, Class<?>> types) throws SQLException {
        changeDriver("setTypeMap", connection -> connection.setTypeMap(types));
    }

    /** What the driver keeps of the connection by itself. */
    private void changeDriver(String name, SessionChange change) throws SQLException {
        checkOpen();
        Enlistment joined = enlistment;
        if (joined == null) {
            if (driverBefore == null && !passive && gate.watching() && !Nesting.inside()) {
                driverBefore = DriverSettings.of(raw);
            }
            change.on(raw);
            return;
        }
        ask(() -> joined.beforeDriverChange(this, name));
        deeper(() -> {
            change.on(joined.physical());
            return null;
        });
    }

    private interface SessionChange {
        void on(Connection connection) throws SQLException;
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
        Connection to = target();
        Enlistment joined = enlistment;
        if (joined != null) {
            ask(() -> joined.beforeRollback(this, savepoint));
        }
        to.rollback(savepoint);
        if (joined != null) {
            joined.rolledBackTo(savepoint);
        } else if (local.fenced() != null) {
            local.fenced().rolledBackTo(savepoint);
        }
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        target().releaseSavepoint(savepoint);
        Enlistment joined = enlistment;
        if (joined != null) {
            joined.released(savepoint);
        }
    }

    private Savepoint noted(Savepoint set) {
        Enlistment joined = enlistment;
        if (joined != null) {
            joined.savepoint(this, set);
        } else if (local.fenced() != null) {
            local.fenced().savepoint(set);
        }
        return set;
    }

    /** What is claimed after it would be undone with it. */
    private void beforeSavepoint() throws SQLException {
        Enlistment joined = enlistment;
        if (joined != null) {
            ask(joined::beforeSavepoint);
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
        if (statements != null) {
            statements.close();
        }
        if (joined != null) {
            joined.closed(this);
        }
        if (raw != null && (joined == null || joined.physical() != raw)) {
            giveBack();
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
        if (Nesting.inside()) {
            Connection below = target();
            return type.isInstance(below) ? type.cast(below) : below.unwrap(type);
        }
        Connection to = forStatement();
        Enlistment joined = enlistment;
        touched = true;
        if (joined != null) {
            joined.bypassed(this);
        } else {
            local.giveAway();
            if (gate.watching() && fenced()) {
                fence().giveAway();
            }
        }
        T given = type.isInstance(to) ? type.cast(to) : to.unwrap(type);
        GivenAway.add(given, this);
        return given;
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || type.isInstance(target()) || target().isWrapperFor(type);
    }
}
