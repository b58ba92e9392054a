package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.OpenTransaction;
import io.floodlock.runtime.tx.CommitWork;
import io.floodlock.runtime.tx.HomeWork;
import io.floodlock.runtime.tx.TxAttributes;
import io.floodlock.runtime.tx.TxHome;
import io.floodlock.runtime.tx.name.Gid;
import io.floodlock.runtime.tx.name.Ids;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One transaction, from its method's begin to its end: its branches, its deadline, and the reason if it is doomed.
 * Belongs to the thread that began it; only its expiry, the aborts and {@link #cancel} are for other threads.
 */
public final class Transaction implements OpenTransaction {

    private final String id = Ids.next();
    private final TxAttributes attributes;
    private final long began = System.nanoTime();
    /**
     * A copy-on-write list: other threads cancel and break branches, which asks drivers and servers, so it must not
     * happen under a lock that the body's thread needs.
     */
    private final List<Branch> branches = new CopyOnWriteArrayList<>();

    /** The agent's own work in it; null for none. */
    private final HomeWork work;

    /** The branch of that work, from its first statement on. */
    private Branch home;

    /** What it does last; null for nothing. */
    private CommitWork last;

    private final List<Keeper> keepers = new ArrayList<>(0);
    private volatile boolean ended;
    private volatile boolean expired;
    private boolean deciding;
    private String doom;
    private Throwable doomCause;

    /** @param work of the agent's own; null for none */
    public Transaction(TxAttributes attributes, HomeWork work) {
        this.attributes = attributes;
        this.work = work;
    }

    public String id() {
        return id;
    }

    public String site() {
        return attributes.site();
    }

    public TxAttributes attributes() {
        return attributes;
    }

    public List<Branch> branches() {
        return branches;
    }

    /** The agent's own work in it; null for none. */
    public HomeWork work() {
        return work;
    }

    /** The branch of the agent's own work, which is the primary; null where that has not begun. */
    public Branch home() {
        return home;
    }

    /**
     * Begins the agent's own work.
     *
     * @return whether the transaction may commit
     */
    public boolean beginWork(Branch branch, Gid gid) throws SQLException {
        home = branch;
        return branch.runOwn(connection -> work.begin(connection, gid.text()));
    }

    /** Ends the agent's own work, after all other statements. */
    public void endWork() throws SQLException {
        if (home != null) {
            home.runOwn(connection -> {
                work.end(connection);
                return true;
            });
        }
    }

    /**
     * What it does last.
     *
     * @param make makes it, if there is none yet
     */
    public CommitWork atCommit(Supplier<CommitWork> make) {
        if (last == null) {
            last = make.get();
        }
        return last;
    }

    /** How much it does last. */
    int sizeOfLast() {
        return last == null ? 0 : last.size();
    }

    /** Drops what was added last, so that so much is left. */
    void shortenLast(int size) {
        if (last != null && last.size() > size) {
            last.shorten(size);
        }
    }

    /** Whether it does something last. */
    public boolean hasLast() {
        return last != null;
    }

    /**
     * Does what it does last.
     *
     * @param branch the branch of the agent's own work from now on
     */
    public void doLast(Branch branch, TxHome in) throws SQLException {
        home = branch;
        branch.runOwn(connection -> {
            last.write(in, connection);
            return true;
        });
    }

    /** Whether it has committed, but not yet in every branch. */
    public boolean isInDoubt() {
        return branches.stream().anyMatch(branch -> branch.name() != null && branch.inDoubt());
    }

    public long timeoutMillis() {
        return attributes.timeout().toMillis();
    }

    /** The time until the deadline in ms; negative past it. */
    public long restMillis() {
        return timeoutMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    /** Set from before the decision is sent until it is known not to stand. Meanwhile no branch may be rolled back. */
    public void deciding(boolean value) {
        deciding = value;
    }

    public boolean deciding() {
        return deciding;
    }

    /** Dooms it: from now on it can only be rolled back. The first reason stays. */
    public void doom(String why, Throwable cause) {
        if (doom == null) {
            doom = why;
            doomCause = cause;
        }
    }

    @Override
    public boolean open() {
        return !ended;
    }

    /**
     * Locks released inside the transaction are kept until its end. Its commit asks the guard, so it need not ask the
     * keeper again.
     */
    @Override
    public void onEnd(Keeper keeper) {
        keepers.add(keeper);
    }

    public void ended(HomeWork.End end) {
        ended = true;
        keepers.forEach(keeper -> keeper.ended(end != HomeWork.End.UNKNOWN));
        if (work != null) {
            work.ended(end);
        }
        if (last != null) {
            last.ended(end);
        }
    }

    @Override
    public String toString() {
        return "the transaction of " + site();
    }

    public boolean expired() {
        return expired || restMillis() < 0;
    }

    /** Called on the thread of {@link LiveTransactions}. */
    void expire() {
        expired = true;
    }

    boolean isExpiryNoted() {
        return expired;
    }

    /** Breaks the connections that have not answered a step in time. */
    void abortOverdue() {
        branches.forEach(Branch::abortIfOverdue);
    }

    /** The reason why it has two branches on one database, as the end of a message; empty if it has not. */
    public String apart() {
        StringBuilder why = new StringBuilder();
        for (Branch branch : branches) {
            if (branch.apart() != null) {
                why.append("; ").append(branch.apart());
            }
        }
        return why.toString();
    }

    /** Cancels the running statements; for any thread. */
    void cancel() {
        branches.forEach(Branch::cancel);
    }

    /** Breaks all connections, so that nothing stays locked. Recovery finishes what is prepared. */
    void evict() {
        for (Branch branch : branches) {
            branch.abandon();
            try {
                branch.evict();
            } catch (SQLException e) {
                // the transaction's thread tries again, if it ever gets to its end
            }
        }
    }

    void add(Branch branch) {
        branches.add(branch);
    }

    public FloodlockFailure rolledBack(String why, Throwable cause) {
        return Failure.TRANSACTION_ROLLED_BACK.because(site() + ": rolled back because " + why, cause);
    }

    /** The reason why it can't commit, or null. */
    public FloodlockFailure refusal() {
        if (doom != null) {
            return rolledBack(doom, doomCause);
        }
        return expired() ? timeUp() : null;
    }

    /** The failure of a transaction past its deadline; its message says how the time was spent. */
    public FloodlockFailure timeUp() {
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        StringBuilder why = new StringBuilder(site())
                .append(": rolled back because its timeout of ")
                .append(timeoutMillis())
                .append(" ms has passed. It took ")
                .append(took)
                .append(" ms: ");
        long inDatabases = 0;
        for (Branch branch : branches) {
            inDatabases += branch.millis();
            why.append(branch.timeSpent()).append(", ");
        }
        why.append(Math.max(0, took - inDatabases))
                .append(" ms in the method's own code; shorten the method or raise the timeout")
                .append(apart());
        return Failure.TRANSACTION_ROLLED_BACK.because(why.toString());
    }
}
