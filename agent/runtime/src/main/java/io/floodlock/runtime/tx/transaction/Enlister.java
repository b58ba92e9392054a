package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.fence.CommitGuard;
import io.floodlock.runtime.fence.Fence;
import io.floodlock.runtime.jdbc.ConnectionHooks;
import io.floodlock.runtime.jdbc.Enlistment;
import io.floodlock.runtime.jdbc.HandleFactory;
import io.floodlock.runtime.jdbc.SessionRead;
import io.floodlock.runtime.jdbc.TrackedConnection;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.jdbc.sql.SettingNames;
import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.database.Databases;
import io.floodlock.runtime.tx.database.JoinTest;
import io.floodlock.runtime.tx.database.KnownSessions;
import io.floodlock.runtime.tx.database.PoolInternal;
import io.floodlock.runtime.tx.dialect.SessionDialect;
import io.floodlock.runtime.tx.dialect.SessionState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Makes connections part of transactions: a connection joins the branch of its database if their sessions are alike, or
 * gets a new branch. The hooks of {@code Transactions} call it, at a handle's first statement and at
 * {@code getConnection()}. Read {@link BranchHandles} and {@link BranchSession} next. Thread-safe.
 */
public final class Enlister {

    private final JoinTest joinTest = new JoinTest();
    private final Databases databases;
    private final KnownSessions knownSessions;
    private final Fence fence;
    private final CommitGuard guard;
    private final LiveTransactions live;

    public Enlister(
            Databases databases, KnownSessions knownSessions, Fence fence, CommitGuard guard, LiveTransactions live) {
        this.databases = databases;
        this.knownSessions = knownSessions;
        this.fence = fence;
        this.guard = guard;
        this.live = live;
    }

    /**
     * The connection's part in this thread's transaction; the connection joins if it had no part.
     *
     * @param transaction this thread's, or null
     * @return null if there is no transaction
     * @throws FloodlockFailure if the connection belongs to another transaction or has open work, or the timeout has
     *     passed
     */
    public Enlistment enlist(Transaction transaction, TrackedConnection handle) throws SQLException {
        if (handle.enlistment() instanceof BranchWork branch) {
            if (branch.transaction() != transaction) {
                throw Failure.ILLEGAL_TRANSACTION.because("a connection to "
                        + branch.database().name() + " belongs to the transaction of "
                        + branch.transaction().site()
                        + ", which is suspended or runs on another thread; take a separate connection here");
            }
            return branch;
        }
        if (transaction == null) {
            return null;
        }
        FloodlockFailure refusal = transaction.expired() ? transaction.timeUp() : null;
        if (refusal != null) {
            throw refusal;
        }
        if (handle.hasOpenWork()) {
            throw Failure.ILLEGAL_TRANSACTION.because(transaction.site()
                    + ": a connection taken before the method already has a transaction open, which can't join"
                    + " the method's; commit it first, or take the connection inside the method");
        }
        DriverCallDepth.enter();
        try {
            return join(transaction, handle);
        } finally {
            DriverCallDepth.leave();
        }
    }

    /** The branch of which a connection of the transaction is a part; it joins if it had no part. */
    public Branch branchOf(Transaction transaction, TrackedConnection handle) throws SQLException {
        Enlistment part = enlist(transaction, handle);
        for (Branch each : transaction.branches()) {
            if (each instanceof JdbcBranch branch && branch.work() == part) {
                return branch;
            }
        }
        throw new IllegalStateException(handle.site() + " has no branch");
    }

    private Enlistment join(Transaction transaction, TrackedConnection handle) throws SQLException {
        int before = SourceCalls.ofThread().begunCalls();
        Database database = databases.of((DataSource) handle.source(), handle.raw());
        boolean passedOn = before != SourceCalls.ofThread().begunCalls();
        database.ensureTable();
        database.ensureSettingNames();
        JdbcBranch similar = null;
        String differing = null;
        for (Branch each : transaction.branches()) {
            if (each instanceof JdbcBranch branch
                    && joinTest.passes(branch.database(), branch.physical(), database, handle.raw())) {
                differing = difference(branch, database, handle);
                if (differing.isEmpty()) {
                    branch.handles().join(handle, branch.work(), passedOn);
                    return branch.work();
                }
                similar = branch;
            }
        }
        JdbcBranch branch = new JdbcBranch(transaction, database, handle, knownSessions, fence, guard);
        branch.handles().join(handle, branch.work(), passedOn);
        if (similar != null) {
            branch.apartFrom(similar, differing);
        }
        transaction.add(branch);
        live.add(transaction);
        return branch.work();
    }

    /**
     * The names in which the handle's own session now differs from the branch's; empty if one may stand in for the
     * other.
     */
    private String difference(JdbcBranch branch, Database database, TrackedConnection handle) throws SQLException {
        if (!branch.handles().driverIsAsHandedOut()) {
            return "network timeout, holdability or type map";
        }
        SessionRead own = sessionOf(handle, database);
        String there = branch.handles().sessionNow(own.names());
        if (!own.state().equals(there)) {
            return SessionState.difference(own.state(), there);
        }
        return SettingNames.hasUnnamed(own.names()) ? "settings whose names are built at run time" : "";
    }

    /** The present state of the handle's own session. */
    private SessionRead sessionOf(TrackedConnection handle, Database database) throws SQLException {
        Set<String> names = database.settingNames(SettingNames.seen());
        boolean sure =
                !handle.touched() && !SessionState.changesUnseen(names) && Origin.handsOutUnchanged(handle.source());
        String state = sure ? knownSessions.known(handle.raw(), names) : null;
        if (state == null) {
            state = readAlone(database.dialect().sessions(), handle, names);
            if (sure) {
                knownSessions.know(handle.raw(), names, state);
            }
        }
        return new SessionRead(state, names);
    }

    /**
     * Reads the session's state. Ends a transaction that the read itself has begun, as its access mode could not be set
     * any more. It is committed: without autocommit the application may have changed the session in the same
     * transaction, and a rollback would undo the change.
     */
    private static String readAlone(SessionDialect sessions, TrackedConnection handle, Set<String> names)
            throws SQLException {
        Connection raw = handle.raw();
        boolean begins = !raw.getAutoCommit() && !handle.hasOpenWork();
        String state = sessions.read(raw, names);
        if (begins) {
            raw.commit();
        }
        return state;
    }

    /** The state of a connection's session, before its first change. */
    public SessionRead read(TrackedConnection handle) throws SQLException {
        DriverCallDepth.enter();
        try {
            return sessionOf(handle, databases.of((DataSource) handle.source(), handle.raw()));
        } finally {
            DriverCallDepth.leave();
        }
    }

    /**
     * A further handle for what a source would hand out, if a branch of the transaction already has a connection of the
     * source in that state; else null.
     */
    public Connection reuse(
            Transaction transaction,
            ConnectionHooks hooks,
            Object source,
            Class<?> site,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        DriverCallDepth.enter();
        try {
            for (Branch each : transaction.branches()) {
                Origin origin =
                        each instanceof JdbcBranch branch ? branch.handles().inPlaceOf(source, site) : null;
                if (origin != null && !PoolInternal.isSource(source)) {
                    return further((JdbcBranch) each, origin, hooks, source, site, toCaller);
                }
            }
        } catch (SQLException e) {
            // the branch's transaction may have failed; the source's own connection reports that when it joins
            return null;
        } finally {
            DriverCallDepth.leave();
        }
        return null;
    }

    private static Connection further(
            JdbcBranch branch,
            Origin origin,
            ConnectionHooks hooks,
            Object source,
            Class<?> site,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        SourceCalls.ofThread().ended(source, site);
        TrackedConnection further = HandleFactory.of(branch.physical())
                .connection(hooks, source, site, branch.work(), origin.autoCommit(), origin.readOnly(), toCaller);
        branch.handles().add(further);
        return further;
    }
}
