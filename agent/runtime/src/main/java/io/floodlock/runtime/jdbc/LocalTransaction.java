package io.floodlock.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's own transaction on one connection: its work in manual commit mode, outside {@code @DistributedTx}.
 * It begins with {@code setAutoCommit(false)} or, in manual mode, with the first statement after the end of the last
 * one. {@link LocalTransactionTracker} begins and ends it; locks that must last until its end register with {@link
 * #onEnd}. As thread-safe as the connection: one thread at a time.
 *
 * <p>Where handles are stacked, for example a proxy over a pool, the outer ones that can see an inner handle have no
 * transaction of their own: the innermost handle acts. An outer handle that can't see it yet, because it has no
 * connection below before its first statement, may have a transaction in addition.
 */
public final class LocalTransaction {

    private static final Logger LOG = LoggerFactory.getLogger(LocalTransaction.class);

    private static final ThreadLocal<List<LocalTransaction>> OF_THREAD = new ThreadLocal<>();

    /**
     * Set by each thread before it begins a transaction, so that it sees its own write. As long as no thread begins
     * one, it spares all threads the access to the thread-local.
     */
    private static boolean any;

    /** How the transaction ended. */
    public enum Outcome {
        COMMITTED,
        ROLLED_BACK,
        /** The driver failed at the end, or the connection was closed or aborted with work in it. */
        UNKNOWN
    }

    private final List<Consumer<Outcome>> listeners = new ArrayList<>(1);
    private volatile Thread lastUsedBy;
    private volatile boolean open = true;
    private int uses;

    private boolean aside;

    /** The fence's part in this transaction; null until it needs one. */
    private FencePart fenced;

    /** What it runs last; null for nothing. */
    private LocalCommit last;

    private final Object source;
    private final Connection connection;

    private LocalTransaction(Object source, Connection connection) {
        this.source = source;
        this.connection = connection;
    }

    /**
     * Begins a transaction on this thread.
     *
     * @param source the DataSource that handed out the connection
     * @param connection the driver's, or one that lies over it
     */
    static LocalTransaction begin(Object source, Connection connection) {
        LocalTransaction begun = new LocalTransaction(source, connection);
        begun.adopt();
        return begun;
    }

    public boolean open() {
        return open;
    }

    /** The DataSource that handed out its connection. */
    public Object source() {
        return source;
    }

    /** Its connection as the DataSource handed it out; not to be closed, committed or rolled back. */
    public Connection connection() {
        return connection;
    }

    /** Whether a statement has run in this transaction. */
    public boolean dirty() {
        return uses != 0;
    }

    /** A number that changes with every statement that runs in this transaction. */
    public int uses() {
        return uses;
    }

    /**
     * Whether the isolation level shows this transaction the data as of its first read; false if that can't be
     * determined. May ask the database.
     */
    public boolean keepsSnapshot() {
        try {
            return connection.getTransactionIsolation() >= Connection.TRANSACTION_REPEATABLE_READ;
        } catch (SQLException e) {
            // for example in a transaction that has failed
            return false;
        }
    }

    /** This thread continues the transaction. */
    void adoptedHere() {
        if (lastUsedBy != Thread.currentThread()) {
            adopt();
        }
    }

    /**
     * Registers a listener for the end of this transaction. It is called once, on the thread that ends the transaction,
     * after the driver's call has returned or thrown. What the listener throws is logged and changes nothing.
     *
     * @throws IllegalStateException if the transaction has ended
     */
    public void onEnd(Consumer<Outcome> listener) {
        if (!open) {
            throw new IllegalStateException("this transaction has ended");
        }
        listeners.add(listener);
    }

    /** Whether code that runs on the thread now is not to work in it: a framework has suspended it for that code. */
    public boolean isSetAside() {
        return aside;
    }

    public void setAside(boolean value) {
        aside = value;
    }

    /** What it runs last; null for nothing. */
    public CommitPart atCommit() {
        return last == null ? null : last.part();
    }

    /**
     * Gives it statements to run last.
     *
     * @throws IllegalStateException if it has some, or has ended
     */
    public void atCommit(CommitPart part) {
        if (!open || last != null) {
            throw new IllegalStateException("this transaction has ended, or has statements to run last");
        }
        last = new LocalCommit(part);
    }

    LocalCommit last() {
        return last;
    }

    /** The open transactions that this thread began or was the last to use, in that order. Cheap if there are none. */
    public static List<LocalTransaction> ofThread() {
        List<LocalTransaction> known = any ? OF_THREAD.get() : null;
        if (known == null) {
            return List.of();
        }
        forget(known);
        return List.copyOf(known);
    }

    /**
     * Begins the next transaction on the connection on which this thread has ended one last, as its next statement
     * would.
     *
     * @return null if that is not in manual commit mode any more, or has been given back
     */
    public static LocalTransaction beginNext() {
        return any ? LocalTransactionTracker.beginNext() : null;
    }

    /** Removes transactions that have ended, or that other threads have continued. */
    private static void forget(List<LocalTransaction> known) {
        Thread current = Thread.currentThread();
        known.removeIf(each -> !each.open || each.lastUsedBy != current);
        if (known.isEmpty()) {
            OF_THREAD.remove();
        }
    }

    FencePart fenced() {
        return fenced;
    }

    void fenced(FencePart part) {
        fenced = part;
    }

    /** Called before a statement runs. */
    void used() {
        uses++;
        adoptedHere();
    }

    private void adopt() {
        any = true;
        lastUsedBy = Thread.currentThread();
        List<LocalTransaction> known = OF_THREAD.get();
        if (known == null) {
            known = new ArrayList<>(2);
        } else {
            forget(known);
        }
        known.add(this);
        OF_THREAD.set(known);
    }

    void ended(Outcome outcome) {
        if (!open) {
            return;
        }
        open = false;
        List<LocalTransaction> known = OF_THREAD.get();
        if (known != null) {
            forget(known);
        }
        if (fenced != null) {
            fenced.ended(outcome == Outcome.COMMITTED);
        }
        for (Consumer<Outcome> listener : listeners) {
            try {
                listener.accept(outcome);
            } catch (RuntimeException | Error e) {
                LOG.error("A listener for the end of a local transaction (outcome {}) failed", outcome, e);
            }
        }
        if (last != null) {
            last.part().ended(outcome);
        }
    }
}
