package io.floodlock.runtime.queue.inbox;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.lane.Lane;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.tx.TxAttributes;
import io.floodlock.runtime.tx.TxEngine;
import io.floodlock.runtime.tx.TxHome;
import io.floodlock.runtime.tx.TxScope;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The inbox of one queue in this JVM. It makes the calls of transactional methods run exactly once, as far as databases
 * are concerned: a row for each call commits with the body's transaction, and a call whose row exists is not run
 * again. {@code CallRun} asks it for an {@link InboxEntry} for each run. Thread-safe.
 */
public final class Inbox {

    /*
     * Exactly once. The row is the first statement of the body's transaction. It is in the home, which is the
     * transaction's primary: so the row, the body's work in every database, and the result in the row are decided by
     * one COMMIT. A call may be run again after any failure, as the store keeps it until its end is stored there. The
     * row then shows that it has run, and its result is taken from there.
     *
     *   event                                         the row       the call
     *   killed before COMMIT                          none          runs
     *   killed after COMMIT, before progress          there         is replayed
     *   COMMIT without an answer                      ?             runs again: the INSERT waits for the old
     *                                                               transaction's end, and then finds the row or not
     *   a body on an owner that has lost the lane     none          its INSERT or its COMMIT is too late, see below
     *   the body throws and rolls back                none          an attempt has failed
     *   the body throws and commits                   there         it has run; its exception is its result
     *
     * Zombies. An owner that was stopped goes on when another JVM owns the lane. The database knows the lane's epoch.
     * The INSERT reads it, locks its row in share mode until the transaction's end, and inserts nothing if the epoch is
     * another one. A new owner raises the epoch before its first call. This waits for all open transactions of earlier
     * owners, so it sees their rows; those that begin later insert nothing. A transaction that stays open for too long
     * is ended by force: its owner has lost the lane.
     *
     * Order. A key's next call starts when the call before it is recorded. If one of its branches is prepared but not
     * committed yet, the key waits: the next call could read what the branch has not written yet. If this JVM does not
     * know the branch's database, it runs the body once more, which shows that database to it, and rolls it back.
     *
     * The home. All JVMs must record the calls of a queue in one database. Its id is stored with the database's data
     * (TxHome.id) and in the store with the queue; a JVM whose home has another id runs no calls of these methods.
     * A JVM learns of a database when the application first uses it. So the first body may run before the home is
     * known; then its row is the transaction's last statement instead of its first, and a repeated call is rolled back
     * after its body.
     *
     * Age. A row is deleted one hour after the store has the end of its call, and of all earlier calls of the lane: so
     * long a store that loses its newest data may give the call again. See LaneCleanup.
     */

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String namespace;
    private final String queue;
    private final CallStore store;
    private final Supplier<TxEngine> transactions;
    private final String called;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Integer, LaneInbox> lanes = new HashMap<>();

    private volatile InboxPlace place;

    /** @param called the home's pool name or JDBC URL; null for the only database of this JVM */
    public Inbox(String namespace, String queue, CallStore store, Supplier<TxEngine> transactions, String called) {
        this.namespace = namespace;
        this.queue = queue;
        this.store = store;
        this.transactions = transactions;
        this.called = called;
    }

    /** The record of one run of a call. */
    public InboxEntry entry(CallId call, int lane, long epoch) {
        return new InboxEntry(this, call, lane(lane, epoch));
    }

    /** The record of one run of several calls of a lane. */
    public InboxBatch batch(Collection<CallId> calls, int lane, long epoch) {
        return new InboxBatch(this, calls, lane(lane, epoch));
    }

    /** Begins a transaction with such a record; null if it lets no body run. */
    public TxScope enter(TxAttributes attributes, InboxRecord recorded) {
        return transactions.get().enter(attributes, recorded);
    }

    /** Deletes rows of these lanes that are too old to be needed. To be called each minute, one call at a time. */
    public void clean(Collection<Lane> owned) {
        for (Lane lane : owned) {
            lane(lane.number(), lane.epoch()).clean(lane);
        }
    }

    private LaneInbox lane(int number, long epoch) {
        lock.lock();
        try {
            LaneInbox known = lanes.get(number);
            if (known == null || known.epoch() < epoch) {
                known = new LaneInbox(namespace + ":" + queue + ":" + number, epoch);
                lanes.put(number, known);
            }
            // the run of an earlier ownership has an inbox of its own, which the database refuses
            return known.epoch() == epoch ? known : new LaneInbox(known.name(), epoch);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Where the calls are recorded.
     *
     * @param must whether it is a failure that this JVM has not used that database yet
     * @return null if it has not
     * @throws io.floodlock.runtime.failure.FloodlockFailure ILLEGAL_TRANSACTION if this JVM can't record them; else if
     *     the database or the store does not answer
     */
    InboxPlace place(boolean must) {
        InboxPlace known = place;
        if (known == null) {
            known = find();
        }
        if (known == null && must) {
            throw Failure.ILLEGAL_TRANSACTION.because("this JVM has not used the database "
                    + (called == null ? "that" : "'" + called + "', which") + " records the calls of queue " + queue
                    + "; let the application use it once when it starts, or name another one by floodlock.queue.home");
        }
        return known;
    }

    /** The place is not what it was: the next call looks for it again. */
    void forget(InboxPlace gone) {
        if (place == gone) {
            place = null;
        }
    }

    private InboxPlace find() {
        lock.lock();
        try {
            if (place == null) {
                TxHome found = transactions.get().home(called, await(store.home()));
                if (found != null) {
                    check(found, await(store.home(found.id())));
                    place = new InboxPlace(found, InboxTables.ensure(found));
                }
            }
            return place;
        } catch (SQLException e) {
            throw Failure.UNAVAILABLE.because(
                    "the database that records the calls of queue " + queue + " can't be used: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private <T> T await(CompletableFuture<T> answer) {
        return store.await(answer, PATIENCE);
    }

    private void check(TxHome found, String recorded) {
        if (!recorded.equals(found.id())) {
            throw Failure.ILLEGAL_TRANSACTION.because("queue " + queue
                    + " records which calls have run in the database with id " + recorded + ", but this JVM's is "
                    + found.name() + " with id " + found.id()
                    + ". Name the right one by floodlock.queue.home. If that database is gone for good, calls that ran"
                    + " there and are still stored would run again; then remove the field 'home' of the queue in"
                    + " Redis.");
        }
    }
}
