package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.jdbc.driver.DriverSettings;
import io.floodlock.runtime.jdbc.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.function.Function;

/**
 * The role of a handle outside any distributed transaction: calls go to the connection that the source handed out. The
 * role records changes of its session, vetoes commits of a thread whose locks are lost, and makes the claims of fenced
 * scopes. As thread-safe as the connection.
 *
 * <p>Handles can be stacked, for example where a lazy or routing proxy lies over a pool. Then the innermost handle, the
 * one next to the pool or driver, acts, provided that it was handed out for the outer one alone: so everything in
 * between sees every call. The outer handle is passive from its first use in a scope on. In two cases the outer handle
 * acts, and the inner ones are passive: where it can't be determined whether the inner one was handed out for the outer
 * one alone, and where a pool keeps the inner ones, which it would lend to others.
 */
final class LocalRole implements ConnectionRole {

    private final TrackedConnection handle;
    private final ConnectionHooks hooks;
    private final Connection raw;
    private final LocalTransactionTracker work;
    private final Function<FloodlockFailure, RuntimeException> toCaller;

    /**
     * The innermost handle, next to the database. Null until it is first needed: a connection that is created lazily
     * must not notice the search.
     */
    private TrackedConnection nearest;

    private boolean passive;

    LocalRole(TrackedConnection handle, ConnectionHooks hooks, Function<FloodlockFailure, RuntimeException> toCaller) {
        this.handle = handle;
        this.hooks = hooks;
        this.raw = handle.raw();
        this.work = new LocalTransactionTracker(handle.source(), raw);
        this.toCaller = toCaller;
    }

    @Override
    public Connection physical() {
        return raw;
    }

    LocalTransaction transaction() {
        return work.current();
    }

    // ---- stacked handles

    boolean passive() {
        return passive;
    }

    void bePassive() {
        passive = true;
    }

    /** The innermost handle below this one, or this handle if there is none. */
    TrackedConnection nearest() {
        if (nearest == null) {
            TrackedConnection below = raw == null ? null : HandleBelow.wrappedBy(raw);
            nearest = below == null ? handle : below;
        }
        return nearest;
    }

    /** Whether a handle below this one acts, so that this one is only in between. */
    boolean isCovered() {
        TrackedConnection below = nearest();
        return below != handle && (below.enlistment() != null || below.isNewerHere(handle));
    }

    // ---- statements

    /** Called before a statement that runs as if the agent were absent, because the thread is not watched. */
    void beforeRun(String text) throws SQLException {
        ran(text);
        used();
    }

    /**
     * Records that a statement may change the session. A passive handle also reports it, because no other handle sees
     * the statements that run below an acting one.
     */
    private void ran(String text) {
        HandedOutState handedOut = handle.handedOut;
        if (!handedOut.touched() && (!hooks.remembersSessions() || Sql.of(text).session() != Sql.Session.STAYS)) {
            handedOut.touch();
        }
        if (handedOut.touched() && passive) {
            hooks.touched(raw);
        }
        if (work.last() != null) {
            work.last().refuseEnd(text, toCaller);
        }
    }

    private void used() throws SQLException {
        if (work.current() != null) {
            work.current().used();
        } else if (nearest() == handle && work.begun() != null) {
            work.current().used();
        }
    }

    /**
     * Called before a statement runs.
     *
     * @return null to run the statement as if the agent were absent
     */
    AfterRun beforeRun(Statement statement, Sql sql, String text) throws SQLException {
        ran(text);
        verify(sql);
        if (fenced()) {
            // a batch has no text of its own; its texts were seen one by one
            boolean reads = sql.plainRead() && !text.equals(Sql.BATCH);
            return fence().beforeRun(statement, sql, reads);
        }
        used();
        return null;
    }

    /** Called before a text is added to a batch while the thread is not watched. */
    void beforeBatched(String text) {
        ran(text);
    }

    /** Called before a text is added to a batch. The text is not seen again when the batch runs. */
    void beforeBatched(Sql sql, String text) throws SQLException {
        if (work.last() != null) {
            work.last().refuseEnd(text, toCaller);
        }
        verify(sql);
        if (fenced()) {
            fence().beforeBatched(sql);
        }
    }

    private void verify(Sql sql) throws SQLException {
        if (!passive && !sql.plainRead() && (sql.commits() || raw.getAutoCommit())) {
            try {
                hooks.beforeCommit();
            } catch (FloodlockFailure e) {
                throw toCaller.apply(e);
            }
        }
    }

    /** Whether this handle must make the claims of its thread's scopes. */
    private boolean fenced() {
        return raw != null && !passive && hooks.fenced() && nearest() == handle;
    }

    private LocalFence fence() {
        return new LocalFence(work, handle.source(), raw, hooks, toCaller);
    }

    @Override
    public void bypassed() throws SQLException {
        work.expose();
        if (hooks.watching() && fenced()) {
            fence().claim();
        }
    }

    @Override
    public void unwrapping() throws SQLException {
        work.expose();
        if (hooks.watching() && fenced()) {
            fence().beforeUnwrap();
        }
    }

    void claimUnseen() throws SQLException {
        if (hooks.watching() && fenced()) {
            fence().beforeUnseenRun();
        }
    }

    // ---- the end of work

    @Override
    public void commit() throws SQLException {
        prepareCommit();
        end(work::commit);
    }

    @Override
    public void rollback() throws SQLException {
        end(work::rollback);
    }

    /** Ends the transaction; what it was to run last may fail after that. */
    private void end(SqlStep step) throws SQLException {
        try {
            step.run();
        } catch (FloodlockFailure e) {
            throw toCaller.apply(e);
        }
    }

    private interface SqlStep {
        void run() throws SQLException;
    }

    /** Called before a commit. Rolls back if locks are lost, or if what the transaction is to run last fails. */
    private void prepareCommit() throws SQLException {
        verifyOrRollBack();
        LocalCommit last = work.last();
        if (last == null) {
            return;
        }
        try {
            last.write(raw);
        } catch (FloodlockFailure e) {
            work.rollBack(e);
            throw toCaller.apply(e);
        } catch (SQLException | RuntimeException | Error e) {
            work.rollBack(e);
            throw e;
        }
    }

    private void verifyOrRollBack() throws SQLException {
        FencePart fenced = work.fenced();
        work.ending();
        if (passive || fenced == null && !hooks.watching()) {
            return;
        }
        try {
            hooks.beforeCommit();
            if (work.exposed() && fenced()) {
                fence().beforeUnseenCommit();
                fenced = work.fenced();
            }
            if (fenced != null) {
                fenced.beforeCommit();
            }
        } catch (FloodlockFailure e) {
            work.rollBack(e);
            throw toCaller.apply(e);
        }
    }

    @Override
    public void beforeSavepoint() throws SQLException {
        if (hooks.watching() && fenced()) {
            fence().claim();
        }
    }

    @Override
    public void savepoint(Savepoint set) {
        if (work.last() != null) {
            work.last().savepoint(set);
        }
        if (work.fenced() != null) {
            work.fenced().savepoint(set);
        }
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        raw.rollback(savepoint);
        if (work.last() != null) {
            work.last().rolledBackTo(savepoint);
        }
        if (work.fenced() != null) {
            work.fenced().rolledBackTo(savepoint);
        }
    }

    @Override
    public void released(Savepoint savepoint) {
        // only the driver needs to know
    }

    /** Closes the connection; a pool thereby receives it back. */
    void closeRaw() throws SQLException {
        if (handle.handedOut.touched()) {
            hooks.touched(raw);
        }
        try {
            if (work.last() != null) {
                work.last().beforeClose(raw);
            }
        } catch (FloodlockFailure e) {
            throw toCaller.apply(e);
        } finally {
            end(work::close);
        }
    }

    /** The connection is gone, and the work in it. */
    void broken() {
        work.broken();
    }

    // ---- settings

    @Override
    public void setAutoCommit(boolean value) throws SQLException {
        if (!handle.handedOut.knowsAutoCommit()) {
            handle.handedOut.autoCommit(raw.getAutoCommit());
        }
        if (value && (handle.hasOpenWork() || (work.last() != null || work.exposed()) && !raw.getAutoCommit())) {
            prepareCommit();
        }
        end(() -> work.setAutoCommit(value));
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        return raw.getAutoCommit();
    }

    @Override
    public void setReadOnly(boolean value) throws SQLException {
        if (!handle.handedOut.knowsReadOnly()) {
            handle.handedOut.readOnly(raw.isReadOnly());
        }
        raw.setReadOnly(value);
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return raw.isReadOnly();
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        beforeTouch();
        raw.setTransactionIsolation(level);
    }

    @Override
    public void changeSession(String name, Change change) throws SQLException {
        beforeTouch();
        change.on(raw);
    }

    /**
     * Called before a change of the session. In a transaction the session is read first, so that it can be restored, as
     * a pool resets a connection when it is closed.
     */
    private void beforeTouch() throws SQLException {
        HandedOutState handedOut = handle.handedOut;
        if (!handedOut.touched() && !passive && hooks.watching() && !DriverCallDepth.inside() && !isCovered()) {
            try {
                handedOut.session(hooks.read(handle));
            } catch (FloodlockFailure e) {
                throw toCaller.apply(e);
            }
        }
        handedOut.touch();
    }

    @Override
    public void changeDriver(String name, Change change) throws SQLException {
        if (handle.handedOut.driver() == null && !passive && hooks.watching() && !DriverCallDepth.inside()) {
            handle.handedOut.driver(DriverSettings.of(raw));
        }
        change.on(raw);
    }
}
