package io.floodlock.runtime.tx;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.fence.CallSite;
import io.floodlock.runtime.jdbc.DriverSettings;
import io.floodlock.runtime.jdbc.DriverState;
import io.floodlock.runtime.jdbc.Enlistment;
import io.floodlock.runtime.jdbc.Fenced;
import io.floodlock.runtime.jdbc.Nesting;
import io.floodlock.runtime.jdbc.Sql;
import io.floodlock.runtime.jdbc.TrackedConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** The part of a transaction that one physical connection carries, for all the handles that joined it. */
final class Branch implements Enlistment {

    private final Transactions engine;
    private final Transaction transaction;
    private final Database database;
    private final Connection physical;
    private final TrackedConnection first;
    private final BranchSession session;
    private final BranchSavepoints savepoints = new BranchSavepoints();
    private final ReadOnlyPart readOnlyPart;

    /** Those that the application has not closed. */
    private final List<TrackedConnection> open = new ArrayList<>(2);

    /** Where further handles on it come from without being asked for. */
    private final List<Origin> origins = new ArrayList<>(1);

    /** What its driver keeps, as it was handed out; null as long as it is unchanged. */
    private DriverSettings driverBefore;

    /** The session of another branch on this database that this one differs from, and in what; null if there is none. */
    private String apart;

    /** What it claims for fenced scopes; null as long as there were none. */
    private Fenced fenced;

    private Sql sql;
    private TrackedConnection by;
    private boolean verifySession;
    private boolean plainReads = true;
    private boolean marked;
    private SQLException failure;
    private int isolation = Connection.TRANSACTION_NONE;

    private int statements;
    private long nanos;
    private long startedAt;
    private String verb;
    private volatile Statement running;

    /** The name under which it may be prepared; set before PREPARE is sent. */
    private Gid.BranchName name;

    private volatile boolean over;
    private volatile boolean inDoubt;
    private final BreakOff breakOff;

    /** @param first whose own connection it has; it joins as any other */
    Branch(Transactions engine, Transaction transaction, Database database, TrackedConnection first) {
        this.engine = engine;
        this.transaction = transaction;
        this.database = database;
        this.first = first;
        this.physical = first.raw();
        this.session = new BranchSession(engine.knownSessions(), database, first);
        this.readOnlyPart = new ReadOnlyPart(physical, database.dialect().sessions());
        this.driverBefore = first.handedOutDriverSettings();
        this.breakOff = new BreakOff(physical);
    }

    Transaction transaction() {
        return transaction;
    }

    Database database() {
        return database;
    }

    /** Those that are to be left at the end. */
    List<TrackedConnection> handles() {
        List<TrackedConnection> all = new ArrayList<>(open);
        if (!all.contains(first)) {
            all.add(first);
        }
        return all;
    }

    /** Its session as it is now, by these names of settings. */
    String sessionNow(Set<String> names) throws SQLException {
        readOnlyPart.leave();
        return session.now(names);
    }

    @Override
    public boolean open() {
        return transaction.open();
    }

    @Override
    public Connection physical() {
        return physical;
    }

    /**
     * Takes in a handle on the same database: from its first statement on it has no other connection.
     *
     * @param passedOn its source only passes on what another one hands out, which may be another database's the next time
     */
    void join(TrackedConnection handle, boolean passedOn) throws SQLException {
        handle.join(this);
        handle.usedAt(CallSite.later());
        if (handle == first) {
            physical.setAutoCommit(false);
            if (physical.isReadOnly()) {
                // the handle refuses writes itself: others that join may write
                physical.setReadOnly(false);
            }
        }
        boolean known = handle == first ? session.isStartKnown() : session.asHandedOut() && !handle.touched();
        if (known && !passedOn) {
            Origin.of(handle).ifPresent(this::add);
        }
        open.add(handle);
    }

    /** Most branches have one. A record's own equals() is slow until it is compiled, which is long after a start. */
    private void add(Origin origin) {
        for (Origin known : origins) {
            if (known.same(origin)) {
                return;
            }
        }
        origins.add(origin);
    }

    /** What a source would hand out, where a further handle on this branch may stand in for it; else null. */
    Origin inPlaceOf(Object source, Class<?> site) throws SQLException {
        for (Origin origin : origins) {
            if (origin.is(source, site)) {
                if (!driverIsAsHandedOut()) {
                    return null;
                }
                readOnlyPart.leave();
                return session.isOrCanBeAsHandedOut(open.isEmpty()) ? origin : null;
            }
        }
        return null;
    }

    /** Whether what the driver keeps is as it was handed out; set back where no handle is open that may rely on it. */
    boolean driverIsAsHandedOut() throws SQLException {
        if (driverBefore != null && open.isEmpty()) {
            driverBefore.restore(physical);
            driverBefore = null;
        }
        return driverBefore == null || driverBefore.equals(DriverSettings.of(physical));
    }

    /** Takes in a handle that has no connection of its own. */
    void add(TrackedConnection further) {
        further.usedAt(CallSite.later());
        open.add(further);
    }

    @Override
    public void closed(TrackedConnection handle) {
        for (int i = open.size() - 1; i >= 0; i--) {
            if (open.get(i) == handle) {
                open.remove(i);
                return;
            }
        }
    }

    /** It has a database in common with another branch, but may not share that one's session. */
    void apartFrom(Branch other, String differing) {
        apart = "the connection used at " + first.site() + " shares its database with that used at "
                + other.first.site() + ", but not its session (" + differing
                + "), so that each commits in a branch of its own";
    }

    /** Why there are two branches on one database, or null. */
    String apart() {
        return apart;
    }

    // ---- what the application does

    @Override
    public void beforeRun(TrackedConnection handle, Statement statement, Sql text) throws SQLException {
        if (transaction.expired()) {
            throw transaction.timeUp();
        }
        if (text.endsTransaction()) {
            transaction.doom("SQL text began or ended a transaction (" + text.ending() + ")", null);
            throw Failure.ILLEGAL_TRANSACTION.because(transaction.site() + ": " + text.ending()
                    + " as SQL text inside @DistributedTx; use the connection's commit(), rollback() and savepoints");
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
        refuseRollback(handle, savepoints.text(handle, text));
        if (text.unsure()) {
            mark();
        }
        claim();
        readOnlyPart.beforeRun(handle.readOnly(), text);
        by = handle;
        sql = text;
        plainReads &= text.plainRead();
        verb = text.verb();
        startedAt = System.nanoTime();
        running = statement;
        Nesting.enter();
    }

    @Override
    public void afterRun(SQLException thrown) throws SQLException {
        Nesting.leave();
        running = null;
        nanos += System.nanoTime() - startedAt;
        statements++;
        if (thrown != null) {
            failure = thrown;
        }
        if (fenced != null) {
            fenced.afterRun(sql, thrown);
        }
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
        TrackedConnection other = otherThan(handle);
        boolean others = other != null || handle.raw() != null && handle.raw() != physical;
        Nesting.enter();
        try {
            readOnlyPart.leave();
            if (!others) {
                session.beforeChange(effect);
                return;
            }
            if (effect == Sql.Session.MAY_CHANGE) {
                session.expectUnchanged();
                verifySession = true;
                return;
            }
        } finally {
            Nesting.leave();
        }
        throw wouldChange("the session of ", call, other);
    }

    @Override
    public void beforeDriverChange(TrackedConnection handle, String call) {
        TrackedConnection other = otherThan(handle);
        if (other != null || handle.raw() != null && handle.raw() != physical) {
            throw wouldChange("the driver's connection to ", call, other);
        }
        if (driverBefore == null) {
            driverBefore = DriverSettings.of(physical);
        }
    }

    private FloodlockFailure wouldChange(String what, String call, TrackedConnection other) {
        return Failure.ILLEGAL_TRANSACTION.because(transaction.site() + ": " + call + " at " + CallSite.outsideAgent()
                + " would change " + what + database.name() + " for the connection used at "
                + (other == null ? first.site() : other.site())
                + " too, as both take part in one transaction; close that one first, or make the change before the first"
                + " statement of a connection taken before the other's, or name schemas in the statements");
    }

    private TrackedConnection otherThan(TrackedConnection handle) {
        for (TrackedConnection each : open) {
            if (each != handle) {
                return each;
            }
        }
        return null;
    }

    /** A function may have changed it for those that share it: then nothing of the transaction may be committed. */
    private void verifySession() throws SQLException {
        String changed;
        Nesting.enter();
        try {
            readOnlyPart.leave();
            changed = session.changedUnexpectedly();
        } finally {
            Nesting.leave();
        }
        if (changed != null) {
            TrackedConnection other = otherThan(by);
            transaction.doom(
                    verb + " at " + CallSite.outsideAgent() + " changed the session of " + database.name() + " ("
                            + changed
                            + ") for the connection used at "
                            + (other == null ? first.site() : other.site()) + " too",
                    null);
        }
    }

    /** Lets the database know the holder of the fenced locks around this thread. */
    private void claim() throws SQLException {
        if (fenced == null) {
            if (!engine.fence().standing()) {
                return;
            }
            fenced = engine.fence().begin((DataSource) first.source(), physical);
        }
        try {
            if (!fenced.known()) {
                readOnlyPart.leave();
            }
            fenced.beforeRun(statements > 0);
        } catch (FloodlockFailure e) {
            transaction.doom("its lock was refused by " + database.name(), e);
            throw e;
        }
    }

    /** Before it is committed or prepared. */
    void claimBeforeEnd() throws SQLException {
        readOnlyPart.end();
        if (fenced != null) {
            fenced.beforeCommit();
        }
    }

    /** In whatever way. */
    void ended() {
        if (fenced != null) {
            fenced.ended(false);
        }
    }

    @Override
    public void beforeSavepoint() throws SQLException {
        claim();
        readOnlyPart.leave();
    }

    @Override
    public void savepoint(TrackedConnection handle, Savepoint set) {
        savepoints.set(handle, set);
        if (fenced != null) {
            fenced.savepoint(set);
        }
    }

    @Override
    public void beforeRollback(TrackedConnection handle, Savepoint savepoint) {
        refuseRollback(handle, savepoints.undone(savepoint));
    }

    private void refuseRollback(TrackedConnection handle, String undone) {
        if (undone != null) {
            transaction.doom("a rollback to a savepoint was refused", null);
            throw Failure.ILLEGAL_TRANSACTION.because(transaction.site() + ": the rollback to a savepoint at "
                    + CallSite.outsideAgent() + " by the connection used at " + handle.site()
                    + " would undo what the connection used at " + undone + " has done on " + database.name()
                    + " since, as both take part in one transaction; use one connection for both");
        }
    }

    @Override
    public void released(Savepoint savepoint) {
        savepoints.released(savepoint);
    }

    @Override
    public void rolledBackTo(Savepoint savepoint) throws SQLException {
        savepoints.rolledBackTo(savepoint);
        readOnlyPart.undone();
        markAgain();
        if (fenced != null) {
            fenced.rolledBackTo(savepoint);
        }
    }

    @Override
    public void commit() {
        engine.verifyOrDoom(transaction);
    }

    /** At once, so that its locks go and the application can go on using it; what follows is rolled back in the end. */
    @Override
    public void rollback() throws SQLException {
        transaction.doom("a connection to " + database.name() + " was rolled back inside the method", failure);
        failure = null;
        if (fenced != null) {
            fenced.ended(false);
        }
        Nesting.enter();
        try {
            physical.rollback();
        } finally {
            Nesting.leave();
        }
        readOnlyPart.undone();
    }

    @Override
    public void isolation(TrackedConnection handle, int level) throws SQLException {
        int now = currentIsolation();
        if (level > now && statements == 0) {
            beforeSessionChange(handle, "setTransactionIsolation");
            Nesting.enter();
            try {
                physical.setTransactionIsolation(level);
            } finally {
                Nesting.leave();
            }
            isolation = level;
        } else if (level > now) {
            throw Failure.ILLEGAL_TRANSACTION.because(transaction.site() + ": isolation level " + level
                    + " asked at " + CallSite.outsideAgent() + " of a connection to " + database.name()
                    + ", which has run " + statements
                    + " statements of this transaction at level " + now + " since it was used at " + first.site()
                    + "; ask for the strongest level before the first statement");
        }
    }

    private int currentIsolation() throws SQLException {
        if (isolation == Connection.TRANSACTION_NONE) {
            Nesting.enter();
            try {
                isolation = physical.getTransactionIsolation();
            } finally {
                Nesting.leave();
            }
        }
        return isolation;
    }

    @Override
    public void bypassed(TrackedConnection handle) throws SQLException {
        Nesting.enter();
        try {
            session.beforeChange(Sql.Session.CHANGES);
        } finally {
            Nesting.leave();
        }
        claim();
        plainReads = false;
        statements++;
        mark();
    }

    private void mark() throws SQLException {
        if (!marked) {
            Nesting.enter();
            try {
                database.dialect().mark(physical, transaction.id());
            } finally {
                Nesting.leave();
            }
            marked = true;
        }
    }

    /** After a rollback to a savepoint, which may have undone it. That it worked says that it is still the same transaction. */
    private void markAgain() throws SQLException {
        if (marked) {
            marked = false;
            mark();
        }
    }

    // ---- what the transaction asks

    /** Null where the transaction was never in danger of being another one. */
    String markOrNull() {
        return marked ? transaction.id() : null;
    }

    boolean untouched() {
        return statements == 0;
    }

    boolean looksReadOnly() {
        return plainReads;
    }

    /** The error that the application caught, if the server has not got over it. */
    SQLException poison() throws SQLException {
        return failure != null && database.dialect().aborted(physical) ? failure : null;
    }

    /** Whether an error that no statement has shown has doomed it; COMMIT would then roll back, and the driver may not say so. */
    boolean doomed() throws SQLException {
        Boolean known = DriverState.doomed(physical, first.source());
        return known == null ? database.dialect().aborted(physical) : known;
    }

    Gid.BranchName name() {
        return name;
    }

    void name(Gid gid) {
        name = new Gid.BranchName(gid, Gid.BranchName.branch(database.id(), transaction.restMillis()));
    }

    boolean inDoubt() {
        return inDoubt;
    }

    /** From here on a database that does not answer holds the caller no longer than that. */
    void limit(long millis) {
        breakOff.limit(millis);
    }

    void unlimit() {
        if (breakOff.unlimit()) {
            abandon();
        }
    }

    /** On the timer's thread. */
    void breakOffIfDue() {
        breakOff.ifDue();
    }

    /** The connection can't be trusted any more, and what is prepared is recovery's. */
    void abandon() {
        inDoubt = true;
    }

    /** The server has answered that nothing is open or prepared any more: only now may the connection be used again. */
    void over() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    /** Breaks a connection that may hold anything, so that its pool throws it away. Throws if it may still be whole. */
    void evict() throws SQLException {
        breakOff.now();
    }

    /** On the timer's thread. */
    void cancel() {
        Statement now = running;
        if (now != null) {
            try {
                now.cancel();
            } catch (SQLException e) {
                // it has ended, or can't be reached: the transaction is doomed either way
            }
        }
    }

    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    String timeSpent() {
        return millis() + " ms in " + statements + " statements on " + database.name()
                + (verb == null ? "" : " (the last: " + verb + ")");
    }
}
