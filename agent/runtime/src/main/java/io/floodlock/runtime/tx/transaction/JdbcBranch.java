package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.fence.CommitGuard;
import io.floodlock.runtime.fence.Fence;
import io.floodlock.runtime.jdbc.TrackedConnection;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.jdbc.driver.DriverState;
import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.database.KnownSessions;
import io.floodlock.runtime.tx.dialect.DatabaseFacts;
import io.floodlock.runtime.tx.name.Gid;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A branch on one physical JDBC connection, for all the handles that joined it. {@link Enlister} makes it,
 * {@code Completion} takes its steps; its work until then is in {@link BranchWork}. Threads as {@link Branch} says.
 */
final class JdbcBranch implements Branch {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcBranch.class);
    private static final long LEAST_OWN_MILLIS = 1_000;

    private final Transaction transaction;
    private final Database database;
    private final Connection physical;
    private final BranchHandles handles;
    private final BranchWork work;
    private final ConnectionAborter aborter;

    /**
     * The reason why it does not share the session of another branch on this database, for messages; null if there is
     * no other.
     */
    private String apart;

    /** The name under which it may be prepared; set before PREPARE is sent. */
    private Gid.BranchName name;

    /**
     * Whether the server has answered that nothing is open or prepared any more. Only then may the connection be used
     * again.
     */
    private volatile boolean over;

    private volatile boolean inDoubt;

    /** @param first the handle that owns the physical connection; it joins as any other */
    JdbcBranch(
            Transaction transaction,
            Database database,
            TrackedConnection first,
            KnownSessions knownSessions,
            Fence fence,
            CommitGuard guard) {
        this.transaction = transaction;
        this.database = database;
        this.physical = first.raw();
        BranchSession session = new BranchSession(knownSessions, database, first);
        ReadOnlyPart readOnlyPart =
                new ReadOnlyPart(physical, database.dialect().sessions());
        this.handles = new BranchHandles(first, session, readOnlyPart);
        this.work = new BranchWork(transaction, database, handles, session, readOnlyPart, fence, guard);
        this.aborter = new ConnectionAborter(physical);
    }

    Connection physical() {
        return physical;
    }

    BranchHandles handles() {
        return handles;
    }

    BranchWork work() {
        return work;
    }

    /** Records that another branch has the same database, but a session that can't be shared. */
    void apartFrom(JdbcBranch other, String differing) {
        apart = "the connection used at " + handles.first().site() + " has the same database as the one used at "
                + other.handles.first().site() + ", but another session (" + differing
                + "), so each commits in its own branch";
    }

    @Override
    public Database database() {
        return database;
    }

    @Override
    public String apart() {
        return apart;
    }

    // ---- before the end

    @Override
    public boolean runOwn(OwnStatements statements) throws SQLException {
        work.log().written();
        DriverCallDepth.enter();
        aborter.limit(Math.max(LEAST_OWN_MILLIS, transaction.restMillis()));
        try {
            return statements.run(physical);
        } finally {
            unlimit();
            DriverCallDepth.leave();
        }
    }

    @Override
    public boolean untouched() {
        return work.log().statements() == 0;
    }

    @Override
    public boolean looksReadOnly() {
        return work.log().plainReads();
    }

    @Override
    public boolean readOnly() throws SQLException {
        return database.dialect().readOnly(physical);
    }

    @Override
    public void claimBeforeEnd() throws SQLException {
        work.claimBeforeEnd();
    }

    @Override
    public SQLException caughtError() throws SQLException {
        SQLException failure = work.log().failure();
        return failure != null && database.dialect().aborted(physical) ? failure : null;
    }

    /**
     * Whether an error that no statement has shown has doomed the transaction. COMMIT would then roll back, and the
     * driver may not report it.
     */
    private boolean doomed() throws SQLException {
        Boolean known = DriverState.doomed(physical, handles.first().source());
        return known == null ? database.dialect().aborted(physical) : known;
    }

    // ---- the end

    @Override
    public Gid.BranchName name() {
        return name;
    }

    @Override
    public void name(Gid gid) {
        name = new Gid.BranchName(gid, Gid.BranchName.branch(database.id(), transaction.restMillis()));
    }

    @Override
    public void prepare(long millis) throws SQLException {
        aborter.limit(millis);
        database.dialect().prepare(physical, name.text(), work.markOrNull(), database.recoverer());
        physical.setAutoCommit(true);
        unlimit();
    }

    @Override
    public void decide(DatabaseFacts host, Gid gid, String branches, long millis) throws SQLException {
        aborter.limit(millis);
        transaction.deciding(true);
        database.dialect().decide(physical, host, gid, branches, work.markOrNull());
        over = true;
        unlimit();
    }

    @Override
    public void commitPrepared(long millis) throws SQLException {
        aborter.limit(millis);
        database.dialect().finish(physical, name.text(), true);
        over = true;
        unlimit();
    }

    @Override
    public void commitAlone(long millis) throws SQLException {
        aborter.limit(millis);
        if (work.markOrNull() != null && !database.dialect().sameMark(physical, work.markOrNull())) {
            throw transaction.rolledBack("SQL text ended the transaction on " + database.name(), null);
        }
        if (doomed()) {
            throw transaction.rolledBack(
                    "the method caught an error of " + database.name() + " that came while a result was fetched, or on"
                            + " the driver's own connection, after which "
                            + database.dialect().product() + " rolls back",
                    null);
        }
        transaction.deciding(true);
        physical.commit();
        over = true;
        unlimit();
    }

    @Override
    public void commitRead(long millis) throws SQLException {
        aborter.limit(millis);
        physical.commit();
        over = true;
        unlimit();
    }

    @Override
    public void rollBack(long millis) throws SQLException {
        aborter.limit(millis);
        if (name == null || !physical.getAutoCommit()) {
            physical.rollback();
        }
        if (name != null) {
            physical.setAutoCommit(true);
            database.dialect().finish(physical, name.text(), false);
        }
        over = true;
        unlimit();
    }

    private void unlimit() {
        if (aborter.unlimit()) {
            abandon();
        }
    }

    @Override
    public void abandon() {
        inDoubt = true;
    }

    @Override
    public boolean inDoubt() {
        return inDoubt;
    }

    // ---- after the end

    @Override
    public void leave() {
        if (!over) {
            abandon();
        }
        boolean usable = !inDoubt;
        if (usable || evicted()) {
            handles.all().forEach(handle -> leave(handle, usable));
        }
        work.ended();
    }

    /**
     * @return false if the connection may still be whole. Then it is not returned to its pool, as a lost connection is
     *     the lesser evil
     */
    private boolean evicted() {
        try {
            evict();
            return true;
        } catch (SQLException | RuntimeException | Error e) {
            LOG.error(
                    "a connection to {} can't be aborted, and its transaction may still be open; it is not returned to"
                            + " its pool",
                    database.name(),
                    e);
            return false;
        }
    }

    private void leave(TrackedConnection handle, boolean usable) {
        try {
            handle.leave(usable);
        } catch (SQLException | RuntimeException | Error e) {
            LOG.debug("a connection to {} could not be returned cleanly", database.name(), e);
        }
    }

    // ---- on the timer's thread

    @Override
    public void abortIfOverdue() {
        aborter.abortIfOverdue();
    }

    @Override
    public void cancel() {
        work.log().cancel();
    }

    @Override
    public void evict() throws SQLException {
        aborter.abort();
    }

    // ---- where the time went

    @Override
    public long millis() {
        return work.log().millis();
    }

    @Override
    public String timeSpent() {
        return work.log().timeSpent(database.name());
    }
}
