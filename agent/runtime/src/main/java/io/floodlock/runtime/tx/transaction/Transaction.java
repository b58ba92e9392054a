package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.OpenTransaction;
import io.floodlock.runtime.tx.TxAttributes;
import io.floodlock.runtime.tx.name.Ids;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * One transaction from its method's begin to its end. Belongs to the thread that began it; only another thread sets its
 * expiry.
 */
public final class Transaction implements OpenTransaction {

    private final String id = Ids.next();
    private final TxAttributes attributes;
    private final long began = System.nanoTime();
    /**
     * Other threads cancel and break branches, which asks drivers and servers: under no lock that the body's thread
     * needs.
     */
    private final List<Branch> branches = new CopyOnWriteArrayList<>();

    private final List<Keeper> keepers = new ArrayList<>(0);
    private volatile boolean ended;
    private volatile boolean expired;
    private boolean deciding;
    private String doom;
    private Throwable doomCause;

    public Transaction(TxAttributes attributes) {
        this.attributes = attributes;
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

    public long timeoutMillis() {
        return attributes.timeout().toMillis();
    }

    /** Negative once the time is up. */
    public long restMillis() {
        return timeoutMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    /** From before the decision is sent, until it is known not to stand: no branch may be rolled back meanwhile. */
    public void deciding(boolean value) {
        deciding = value;
    }

    public boolean deciding() {
        return deciding;
    }

    /** From now on it can only be rolled back. The first reason stays. */
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

    /** Locks given back in it go on until here; its commit asks the guard, so the keeper need not be asked again. */
    @Override
    public void onEnd(Keeper keeper) {
        keepers.add(keeper);
    }

    /** @param known whether it is known what has become of it */
    public void ended(boolean known) {
        ended = true;
        keepers.forEach(keeper -> keeper.ended(known));
    }

    @Override
    public String toString() {
        return "the transaction of " + site();
    }

    public boolean expired() {
        return expired || restMillis() < 0;
    }

    /** On the timer's thread. */
    void expire() {
        expired = true;
    }

    boolean isExpiryNoted() {
        return expired;
    }

    /** Breaks the connections that have not answered the protocol in time. */
    void abortOverdue() {
        branches.forEach(Branch::abortIfOverdue);
    }

    /** Why it has two branches on one database, to end a message with; empty if it has not. */
    public String apart() {
        StringBuilder why = new StringBuilder();
        for (Branch branch : branches) {
            if (branch.apart() != null) {
                why.append("; ").append(branch.apart());
            }
        }
        return why.toString();
    }

    /** Ends the statements that are running, on any thread. */
    void cancel() {
        branches.forEach(Branch::cancel);
    }

    /** Breaks all connections, so that nothing stays locked. What is prepared is recovery's. */
    void evict() {
        for (Branch branch : branches) {
            branch.abandon();
            try {
                branch.evict();
            } catch (SQLException e) {
                // its thread tries again, if it ever ends it
            }
        }
    }

    void add(Branch branch) {
        branches.add(branch);
    }

    public FloodlockFailure rolledBack(String why, Throwable cause) {
        return Failure.TRANSACTION_ROLLED_BACK.because(site() + ": rolled back, as " + why, cause);
    }

    /** Why it can't commit, or null. */
    public FloodlockFailure refusal() {
        if (doom != null) {
            return rolledBack(doom, doomCause);
        }
        return expired() ? timeUp() : null;
    }

    /** Says where the time went. */
    public FloodlockFailure timeUp() {
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        StringBuilder why = new StringBuilder(site())
                .append(": rolled back, as its timeout of ")
                .append(timeoutMillis())
                .append(" ms was over after ")
                .append(took)
                .append(" ms: ");
        long inDatabases = 0;
        for (Branch branch : branches) {
            inDatabases += branch.millis();
            why.append(branch.timeSpent()).append(", ");
        }
        why.append(Math.max(0, took - inDatabases))
                .append(" ms in the method's own code; make it shorter or the timeout longer")
                .append(apart());
        return Failure.TRANSACTION_ROLLED_BACK.because(why.toString());
    }
}
