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
 * Outside any transaction of ours: calls go to what the source has handed out. What changes its session is noted,
 * commits of a thread whose locks are lost are vetoed, and what fenced scopes claim is claimed.
 *
 * <p>Where handles lie one over another (a lazy or routing proxy over a pool, say), the one that stands next to the
 * pool or driver acts, as long as it was handed out for the outer one alone: then whatever lies between sees every
 * call. The outer one is passive from its first use in a scope on. Where that can't be told, and where the inner ones
 * are kept by a pool, which would lend them to others, the outer one acts, and the inner ones are passive.
 */
final class LocalRole implements ConnectionRole {

    private final TrackedConnection handle;
    private final ConnectionHooks gate;
    private final Connection raw;
    private final LocalTransactionTracker work;
    private final Function<FloodlockFailure, RuntimeException> toCaller;

    /**
     * The handle next to the database; null as long as nobody asked, which a connection that is made lazily must not
     * notice.
     */
    private TrackedConnection nearest;

    private boolean passive;

    LocalRole(TrackedConnection handle, ConnectionHooks gate, Function<FloodlockFailure, RuntimeException> toCaller) {
        this.handle = handle;
        this.gate = gate;
        this.raw = handle.raw();
        this.work = new LocalTransactionTracker(raw);
        this.toCaller = toCaller;
    }

    @Override
    public Connection physical() {
        return raw;
    }

    LocalTransaction transaction() {
        return work.current();
    }

    // ---- among handles that lie one over another

    boolean passive() {
        return passive;
    }

    void bePassive() {
        passive = true;
    }

    /** This handle, where no other lies below it. */
    TrackedConnection nearest() {
        if (nearest == null) {
            TrackedConnection below = raw == null ? null : HandleBelow.wrappedBy(raw);
            nearest = below == null ? handle : below;
        }
        return nearest;
    }

    /** Whether a handle below it acts, so that this one is only in between. */
    boolean isCovered() {
        TrackedConnection below = nearest();
        return below != handle && (below.enlistment() != null || below.isNewerHere(handle));
    }

    // ---- statements

    /** Before a statement that runs as if the agent were absent: nobody watches. */
    void beforeRun(String text) throws SQLException {
        ran(text);
        used();
    }

    /** What runs below an acting handle is seen by nobody else. */
    private void ran(String text) {
        HandedOutState handedOut = handle.handedOut;
        if (!handedOut.touched() && (!gate.remembersSessions() || Sql.of(text).session() != Sql.Session.STAYS)) {
            handedOut.touch();
        }
        if (handedOut.touched() && passive) {
            gate.touched(raw);
        }
    }

    private void used() throws SQLException {
        if (work.current() != null) {
            work.current().used();
        } else if (nearest() == handle && work.begun() != null) {
            work.current().used();
        }
    }

    /** Before a statement runs. @return null to run it as if the agent were absent */
    AfterRun beforeRun(Statement statement, Sql sql, String text) throws SQLException {
        ran(text);
        verify(sql);
        if (fenced()) {
            // the texts of a batch were seen one by one, and it has none of its own
            boolean reads = sql.plainRead() && !text.equals(Sql.BATCH);
            return fence().beforeRun(statement, sql, reads);
        }
        used();
        return null;
    }

    /** Before a text is put into a batch while nobody watches. */
    void beforeBatched(String text) {
        ran(text);
    }

    /** Before a text is put into a batch, where it is last seen. */
    void beforeBatched(Sql sql) throws SQLException {
        verify(sql);
        if (fenced()) {
            fence().beforeBatched(sql);
        }
    }

    private void verify(Sql sql) throws SQLException {
        if (!passive && !sql.plainRead() && (sql.commits() || raw.getAutoCommit())) {
            try {
                gate.beforeCommit();
            } catch (FloodlockFailure e) {
                throw toCaller.apply(e);
            }
        }
    }

    /** Whether this handle is to claim what its thread's scopes claim. */
    private boolean fenced() {
        return raw != null && !passive && gate.fenced() && nearest() == handle;
    }

    private LocalFence fence() {
        return new LocalFence(work, handle.source(), raw, gate, toCaller);
    }

    @Override
    public void bypassed() throws SQLException {
        work.giveAway();
        if (gate.watching() && fenced()) {
            fence().claim();
        }
    }

    @Override
    public void unwrapping() throws SQLException {
        work.giveAway();
        if (gate.watching() && fenced()) {
            fence().giveAway();
        }
    }

    void claimUnseen() throws SQLException {
        if (gate.watching() && fenced()) {
            fence().beforeUnseenRun();
        }
    }

    // ---- the end of work

    @Override
    public void commit() throws SQLException {
        verifyOrRollBack();
        work.commit();
    }

    @Override
    public void rollback() throws SQLException {
        work.rollback();
    }

    private void verifyOrRollBack() throws SQLException {
        FencePart fenced = work.fenced();
        work.ending();
        if (passive || fenced == null && !gate.watching()) {
            return;
        }
        try {
            gate.beforeCommit();
            if (work.givenAway() && fenced()) {
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
        if (gate.watching() && fenced()) {
            fence().claim();
        }
    }

    @Override
    public void savepoint(Savepoint set) {
        if (work.fenced() != null) {
            work.fenced().savepoint(set);
        }
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        raw.rollback(savepoint);
        if (work.fenced() != null) {
            work.fenced().rolledBackTo(savepoint);
        }
    }

    @Override
    public void released(Savepoint savepoint) {
        // the driver knows
    }

    /** Closes the connection, with which a pool's goes back to it. */
    void giveBack() throws SQLException {
        if (handle.handedOut.touched()) {
            gate.touched(raw);
        }
        work.close();
    }

    /** The connection is gone, with what was in it. */
    void broken() {
        work.broken();
    }

    // ---- settings

    @Override
    public void setAutoCommit(boolean value) throws SQLException {
        if (!handle.handedOut.knowsAutoCommit()) {
            handle.handedOut.autoCommit(raw.getAutoCommit());
        }
        if (value && (handle.hasOpenWork() || work.givenAway() && !raw.getAutoCommit())) {
            verifyOrRollBack();
        }
        work.setAutoCommit(value);
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

    /** In a transaction it is read, to be set back to, as a connection of a pool is reset once it is closed. */
    private void beforeTouch() throws SQLException {
        HandedOutState handedOut = handle.handedOut;
        if (!handedOut.touched() && !passive && gate.watching() && !DriverCallDepth.inside() && !isCovered()) {
            try {
                handedOut.session(gate.read(handle));
            } catch (FloodlockFailure e) {
                throw toCaller.apply(e);
            }
        }
        handedOut.touch();
    }

    @Override
    public void changeDriver(String name, Change change) throws SQLException {
        if (handle.handedOut.driver() == null && !passive && gate.watching() && !DriverCallDepth.inside()) {
            handle.handedOut.driver(DriverSettings.of(raw));
        }
        change.on(raw);
    }
}
