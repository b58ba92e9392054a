package io.floodlock.runtime.tx;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
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
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** The part of a transaction that one physical connection carries, for all the handles that joined it. */
final class Branch implements Enlistment {

    private final Transactions engine;
    private final Transaction transaction;
    private final Database database;
    private final Connection physical;
    private final List<TrackedConnection> handles = new ArrayList<>(1);

    private boolean initialAutoCommit;

    /** What it claims for fenced scopes; null as long as there were none. */
    private Fenced fenced;

    private Sql sql;
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

    Branch(Transactions engine, Transaction transaction, Database database, Connection physical) {
        this.engine = engine;
        this.transaction = transaction;
        this.database = database;
        this.physical = physical;
        this.breakOff = new BreakOff(physical);
    }

    Transaction transaction() {
        return transaction;
    }

    Database database() {
        return database;
    }

    List<TrackedConnection> handles() {
        return handles;
    }

    /** The handle whose own connection this is. */
    TrackedConnection first() {
        return handles.get(0);
    }

    @Override
    public boolean open() {
        return transaction.open();
    }

    @Override
    public Connection physical() {
        return physical;
    }

    /** Takes in a handle on the same database: from its first statement on it has no other connection. */
    void join(TrackedConnection handle) throws SQLException {
        handle.join(this);
        if (handles.isEmpty()) {
            initialAutoCommit = handle.autoCommit();
            physical.setAutoCommit(false);
            if (physical.isReadOnly()) {
                // the handle refuses writes itself: others that join may write
                physical.setReadOnly(false);
            }
        } else if (handle.isolationAsked() != Connection.TRANSACTION_NONE) {
            isolation(handle.isolationAsked());
        }
        handles.add(handle);
    }

    boolean initialAutoCommit() {
        return initialAutoCommit;
    }

    // ---- what the application does

    @Override
    public void beforeRun(Statement statement, Sql text) throws SQLException {
        if (transaction.expired()) {
            throw transaction.timeUp();
        }
        if (text.endsTransaction()) {
            transaction.doom("SQL text began or ended a transaction (" + text.ending() + ")", null);
            throw Failure.ILLEGAL_TRANSACTION.because(transaction.site() + ": " + text.ending()
                    + " as SQL text inside @DistributedTx; use the connection's commit(), rollback() and savepoints");
        }
        if (text.unsure()) {
            mark();
        }
        claim();
        sql = text;
        plainReads &= text.plainRead();
        verb = text.verb();
        startedAt = System.nanoTime();
        running = statement;
        Nesting.enter();
    }

    @Override
    public void afterRun(SQLException thrown) {
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
    }

    /** Lets the database know the holder of the fenced locks around this thread. */
    private void claim() throws SQLException {
        if (fenced == null) {
            if (!engine.fence().standing()) {
                return;
            }
            fenced = engine.fence().begin((DataSource) first().source(), physical);
        }
        try {
            fenced.beforeRun(statements > 0);
        } catch (FloodlockFailure e) {
            transaction.doom("its lock was refused by " + database.name(), e);
            throw e;
        }
    }

    /** Before it is committed or prepared. */
    void claimBeforeEnd() throws SQLException {
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
    }

    @Override
    public void savepoint(Savepoint set) {
        if (fenced != null) {
            fenced.savepoint(set);
        }
    }

    @Override
    public void rolledBackTo(Savepoint savepoint) {
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
    }

    @Override
    public void isolation(int level) throws SQLException {
        int now = currentIsolation();
        if (level > now) {
            throw Failure.ILLEGAL_TRANSACTION.because(transaction.site() + ": isolation level " + level
                    + " asked of a connection to " + database.name() + ", which has run " + statements
                    + " statements of this transaction at level " + now
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
    public void bypassed() throws SQLException {
        claim();
        plainReads = false;
        statements++;
        mark();
    }

    private void mark() throws SQLException {
        if (!marked) {
            Nesting.enter();
            try {
                Postgres.mark(physical, transaction.id());
            } finally {
                Nesting.leave();
            }
            marked = true;
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
        return failure != null && Postgres.aborted(physical) ? failure : null;
    }

    /** Whether an error that no statement has shown has doomed it; COMMIT would then roll back, and the driver may not say so. */
    boolean doomed() throws SQLException {
        Boolean known = DriverState.doomed(physical, first().source());
        return known == null ? Postgres.aborted(physical) : known;
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
