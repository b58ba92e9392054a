package io.floodlock.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's own transaction on one connection: what it does in manual commit mode, outside {@code
 * @DistributedTx}. It begins with {@code setAutoCommit(false)}, or, in manual mode, with the first statement after the
 * last one's end. As safe for threads as the connection, that is for one at a time.
 *
 * <p>Where handles lie one over another (a proxy over a pool, say), those that can tell have none of their own: the one
 * next to the database acts. One that can't tell yet, as it has no connection below before its first statement, may
 * have one beside.
 */
public final class LocalTransaction {

    private static final Logger LOG = LoggerFactory.getLogger(LocalTransaction.class);

    private static final ThreadLocal<List<LocalTransaction>> OF_THREAD = new ThreadLocal<>();

    /**
     * Set by a thread before it begins one, so that it sees its own; spares all a look at the thread where nobody does.
     */
    private static boolean any;

    /** How it ended. */
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

    /** The fence's part in it, once it had to have one. */
    private FencePart fenced;

    private final Connection connection;

    private LocalTransaction(Connection connection) {
        this.connection = connection;
    }

    /** On this thread. @param connection the driver's, or what lies over it */
    static LocalTransaction begin(Connection connection) {
        LocalTransaction begun = new LocalTransaction(connection);
        begun.adopt();
        return begun;
    }

    public boolean open() {
        return open;
    }

    /** Whether a statement has run in it. */
    public boolean dirty() {
        return uses != 0;
    }

    /** Another number than before if a statement has run in it since. */
    public int uses() {
        return uses;
    }

    /**
     * Whether its isolation level shows it what was there as it first read; false where that can't be told. May ask the
     * database.
     */
    public boolean keepsSnapshot() {
        try {
            return connection.getTransactionIsolation() >= Connection.TRANSACTION_REPEATABLE_READ;
        } catch (SQLException e) {
            // in a transaction that has failed, say
            return false;
        }
    }

    /** This thread goes on with it. */
    void adoptedHere() {
        if (lastUsedBy != Thread.currentThread()) {
            adopt();
        }
    }

    /**
     * Tells when it has ended: once, on the thread that ends it, after the driver's call has returned or thrown. What
     * the listener throws is logged and changes nothing.
     *
     * @throws IllegalStateException if it has ended
     */
    public void onEnd(Consumer<Outcome> listener) {
        if (!open) {
            throw new IllegalStateException("this transaction has ended");
        }
        listeners.add(listener);
    }

    /**
     * Those that this thread began or was the last to use, and that are open, in that order; cheap when there are none.
     */
    public static List<LocalTransaction> ofThread() {
        List<LocalTransaction> known = any ? OF_THREAD.get() : null;
        if (known == null) {
            return List.of();
        }
        forget(known);
        return List.copyOf(known);
    }

    /** Lets go of those that ended, or went on, on other threads. */
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

    /** A statement is about to run. */
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
                LOG.error("What was to follow a transaction's end ({}) failed", outcome, e);
            }
        }
    }
}
