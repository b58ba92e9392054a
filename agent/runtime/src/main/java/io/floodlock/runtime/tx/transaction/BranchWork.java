package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.fence.CallerFrame;
import io.floodlock.runtime.fence.CommitGuard;
import io.floodlock.runtime.fence.Fence;
import io.floodlock.runtime.jdbc.Enlistment;
import io.floodlock.runtime.jdbc.TrackedConnection;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.jdbc.sql.Sql;
import io.floodlock.runtime.tx.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;

/**
 * The application's work on a branch, through any of its handles. The handles call it around each JDBC call: it checks
 * the call, and does or refuses it. The checks keep the transaction one transaction, the shared session unchanged, and
 * the fenced locks claimed. Belongs to the transaction's thread. Read {@link BranchSession} and
 * {@link BranchSavepoints} next.
 */
final class BranchWork implements Enlistment {

    private final Transaction transaction;
    private final Database database;
    private final Connection physical;
    private final BranchHandles handles;
    private final BranchSession session;
    private final ReadOnlyPart readOnlyPart;
    private final BranchClaims claims;
    private final CommitGuard guard;
    private final BranchSavepoints savepoints = new BranchSavepoints();
    private final BranchLog log = new BranchLog();
    private final BranchIsolation isolation;

    private Sql sql;
    private TrackedConnection by;
    private boolean verifySession;
    private boolean marked;

    BranchWork(
            Transaction transaction,
            Database database,
            BranchHandles handles,
            BranchSession session,
            ReadOnlyPart readOnlyPart,
            Fence fence,
            CommitGuard guard) {
        this.transaction = transaction;
        this.database = database;
        this.physical = handles.first().raw();
        this.handles = handles;
        this.session = session;
        this.readOnlyPart = readOnlyPart;
        this.claims = new BranchClaims(transaction, database, handles.first(), readOnlyPart, fence);
        this.guard = guard;
        this.isolation = new BranchIsolation(transaction, database, handles.first(), log);
    }

    Transaction transaction() {
        return transaction;
    }

    Database database() {
        return database;
    }

    BranchLog log() {
        return log;
    }

    @Override
    public boolean open() {
        return transaction.open();
    }

    @Override
    public Connection physical() {
        return physical;
    }

    @Override
    public void closed(TrackedConnection handle) {
        handles.closed(handle);
    }

    // ---- statements

    @Override
    public void beforeRun(TrackedConnection handle, Statement statement, Sql text) throws SQLException {
        if (transaction.expired()) {
            throw transaction.timeUp();
        }
        if (text.endsTransaction()) {
            transaction.doom("SQL text began or ended a transaction (" + text.ending() + ")", null);
            throw Failure.ILLEGAL_TRANSACTION.because(transaction.site() + ": " + text.ending()
                    + " as SQL text is not allowed inside @DistributedTx; use the connection's commit(), rollback() and"
                    + " savepoints");
        }
        Sql.Session effect = text.session();
        if (effect == Sql.Session.STAYS && !text.savepoints() && database.changesUnseen()) {
            effect = Sql.Session.MAY_CHANGE;
        }
        if (effect != Sql.Session.STAYS) {
            beforeSessionChange(handle, text.verb(), effect);
        }
        if (!text.plainRead()) {
            savepoints.worked(handle);
        }
        refuseToDropCalls(text);
        refuseRollback(handle, savepoints.text(handle, text, transaction.sizeOfLast()));
        if (text.unsure()) {
            mark();
        }
        claims.claim(log.statements() > 0);
        readOnlyPart.beforeRun(handle.readOnly(), text);
        by = handle;
        sql = text;
        log.began(statement, text);
        DriverCallDepth.enter();
    }

    @Override
    public void afterRun(SQLException thrown) throws SQLException {
        DriverCallDepth.leave();
        log.ended(thrown);
        claims.afterRun(sql, thrown);
        if (thrown == null && sql.savepoints()) {
            markAgain();
        }
        if (verifySession) {
            verifySession = false;
            if (thrown == null) {
                verifySession();
            }
        }
    }

    // ---- the session

    @Override
    public void beforeSessionChange(TrackedConnection handle, String call) throws SQLException {
        beforeSessionChange(handle, call, Sql.Session.CHANGES);
    }

    private void beforeSessionChange(TrackedConnection handle, String call, Sql.Session effect) throws SQLException {
        boolean shared = handles.sharedBy(handle);
        DriverCallDepth.enter();
        try {
            readOnlyPart.leave();
            if (!shared) {
                session.beforeChange(effect);
                return;
            }
            if (effect == Sql.Session.MAY_CHANGE) {
                session.expectUnchanged();
                verifySession = true;
                return;
            }
        } finally {
            DriverCallDepth.leave();
        }
        throw wouldChange("the session of ", call, handle);
    }

    @Override
    public void beforeDriverChange(TrackedConnection handle, String call) {
        if (handles.sharedBy(handle)) {
            throw wouldChange("the driver's connection to ", call, handle);
        }
        handles.keepDriverSettings();
    }

    private FloodlockFailure wouldChange(String what, String call, TrackedConnection handle) {
        return Failure.ILLEGAL_TRANSACTION.because(
                transaction.site() + ": " + call + " at " + CallerFrame.outsideAgent()
                        + " would change " + what + database.name() + " for the connection used at "
                        + handles.siteOfOther(handle)
                        + " too, because both take part in one transaction; close that connection first, or take this"
                        + " one before the other and make the change before its first statement, or name schemas in the"
                        + " statements");
    }

    /** Dooms the transaction if a function has changed the session for other handles that share it. */
    private void verifySession() throws SQLException {
        String changed;
        DriverCallDepth.enter();
        try {
            readOnlyPart.leave();
            changed = session.changedUnexpectedly();
        } finally {
            DriverCallDepth.leave();
        }
        if (changed != null) {
            transaction.doom(
                    log.verb() + " at " + CallerFrame.outsideAgent() + " changed the session of " + database.name()
                            + " ("
                            + changed
                            + ") for the connection used at "
                            + handles.siteOfOther(by) + " too",
                    null);
        }
    }

    // ---- savepoints

    @Override
    public void beforeSavepoint() throws SQLException {
        claims.claim(log.statements() > 0);
        readOnlyPart.leave();
    }

    @Override
    public void savepoint(TrackedConnection handle, Savepoint set) {
        savepoints.set(handle, set, transaction.sizeOfLast());
        claims.savepoint(set);
    }

    @Override
    public void beforeRollback(TrackedConnection handle, Savepoint savepoint) {
        refuseRollback(handle, savepoints.undone(savepoint));
    }

    private void refuseToDropCalls(Sql text) {
        if (savepoints.drops(text, transaction.sizeOfLast())) {
            transaction.doom("a rollback to a savepoint was refused", null);
            throw Failure.ILLEGAL_TRANSACTION.because(transaction.site() + ": " + text.verb() + " at "
                    + CallerFrame.outsideAgent() + " rolls back to a savepoint by SQL text, and calls of queued methods"
                    + " were made since one was set; it can't be known which of them it undoes. Use the connection's"
                    + " setSavepoint() and rollback(savepoint)");
        }
    }

    private void refuseRollback(TrackedConnection handle, String undone) {
        if (undone != null) {
            transaction.doom("a rollback to a savepoint was refused", null);
            throw Failure.ILLEGAL_TRANSACTION.because(transaction.site() + ": the rollback to a savepoint at "
                    + CallerFrame.outsideAgent() + " by the connection used at " + handle.site()
                    + " would undo what the connection used at " + undone + " has done on " + database.name()
                    + " since, because both take part in one transaction; use one connection for both");
        }
    }

    @Override
    public void released(Savepoint savepoint) {
        savepoints.released(savepoint);
    }

    @Override
    public void rolledBackTo(Savepoint savepoint) throws SQLException {
        Integer last = savepoints.last(savepoint);
        if (last != null) {
            transaction.shortenLast(last);
        }
        savepoints.rolledBackTo(savepoint);
        readOnlyPart.undone();
        markAgain();
        claims.rolledBackTo(savepoint);
    }

    // ---- the application's own commit and rollback, and its isolation level

    /** Throws the reason if the commit is vetoed, and dooms the transaction for the same reason. */
    @Override
    public void commit() {
        try {
            guard.verify();
        } catch (FloodlockFailure e) {
            transaction.doom("its lock was lost", e);
            throw e;
        }
    }

    /**
     * Rolls back at once, so that the database's locks are released and the application can use the connection further.
     * Its later work is rolled back in the end.
     */
    @Override
    public void rollback() throws SQLException {
        transaction.doom("a connection to " + database.name() + " was rolled back inside the method", log.failure());
        log.forgetFailure();
        claims.ended();
        DriverCallDepth.enter();
        try {
            physical.rollback();
        } finally {
            DriverCallDepth.leave();
        }
        readOnlyPart.undone();
    }

    @Override
    public void isolation(TrackedConnection handle, int level) throws SQLException {
        if (isolation.isBelow(level)) {
            beforeSessionChange(handle, "setTransactionIsolation");
            isolation.raise(level);
        }
    }

    @Override
    public void bypassed(TrackedConnection handle) throws SQLException {
        DriverCallDepth.enter();
        try {
            session.beforeChange(Sql.Session.CHANGES);
        } finally {
            DriverCallDepth.leave();
        }
        claims.claim(log.statements() > 0);
        log.written();
        mark();
    }

    private void mark() throws SQLException {
        if (!marked) {
            DriverCallDepth.enter();
            try {
                database.dialect().mark(physical, transaction.id());
            } finally {
                DriverCallDepth.leave();
            }
            marked = true;
        }
    }

    /**
     * Sets the mark again after a rollback to a savepoint, which may have undone it. That the rollback worked proves
     * that it is still the same transaction.
     */
    private void markAgain() throws SQLException {
        if (marked) {
            marked = false;
            mark();
        }
    }

    // ---- the end of the branch

    /** The transaction's mark; null where no SQL could have replaced the transaction by another one. */
    String markOrNull() {
        return marked ? transaction.id() : null;
    }

    /** Called before the branch is committed or prepared. */
    void claimBeforeEnd() throws SQLException {
        readOnlyPart.end();
        claims.beforeEnd();
    }

    /** Called after the branch has ended in any way. */
    void ended() {
        claims.ended();
    }
}
