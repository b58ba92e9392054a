package io.floodlock.runtime.fence;

import io.floodlock.runtime.jdbc.FencePart;
import io.floodlock.runtime.jdbc.driver.OwnConnections;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * One database, shared by all DataSources of this JVM that lead to it. It records which transaction of this JVM holds
 * which row, because another transaction of the same holder must not wait for that row in the database.
 *
 * <p>A transaction calls {@link #take} for a row, then {@link #granted} or {@link #release}. It calls {@link #ending}
 * before it gives the row up, and {@link #release} after that. A transaction that works without the row because another
 * one holds it (BESIDE) calls {@link #commitBeside} before its commit and {@link #committedBeside} after it. {@link
 * FencedTransaction} explains why. Thread-safe.
 */
final class FencedDatabase {

    private static final int REMEMBERED = 4096;
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String name;
    private final FenceDialect dialect;
    private final FenceDialect.Place place;

    private final long metNanos = System.nanoTime();
    private final Pruning pruning = new Pruning(this);
    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition changed = mutex.newCondition();
    private final Map<FenceRow, Holding> holdings = new HashMap<>();

    /** Recently committed rows, by name. Forgetting one costs a claim. */
    private final Map<String, FenceRow> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, FenceRow> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** The transaction that holds a row or is about to. */
    private static final class Holding {
        private final FencePart by;
        private boolean granted;
        private boolean ending;

        /** Number of other transactions that are being committed without the row because this one holds it. */
        private int besides;

        Holding(FencePart by) {
            this.by = by;
        }
    }

    /** The DataSource that led here most recently. */
    private volatile WeakReference<DataSource> source;

    FencedDatabase(String name, FenceDialect dialect, FenceDialect.Place place) {
        this.name = name;
        this.dialect = dialect;
        this.place = place;
    }

    void seenThrough(DataSource latest) {
        source = new WeakReference<>(latest);
    }

    /** Opens a connection of the agent's own beside those of the application. */
    Connection open() throws SQLException {
        DataSource now = source.get();
        if (now == null) {
            throw new SQLException("the application no longer has its DataSource of database " + name, "08003");
        }
        return OwnConnections.open(now);
    }

    void prune() {
        pruning.prune();
    }

    String name() {
        return name;
    }

    FenceDialect dialect() {
        return dialect;
    }

    String table() {
        return place.table();
    }

    /**
     * Whether the table exists. If not, nobody can have claimed anything, or the table has not been copied to this
     * replica yet.
     */
    boolean exists() {
        return place.id() != null;
    }

    /** Whether it is time to check again whether this replica has received the table. */
    boolean mayHaveChanged() {
        return !exists() && System.nanoTime() - metNanos > LOOK_AGAIN_NANOS;
    }

    boolean writable() {
        return place.writable();
    }

    /**
     * Gives a row to a transaction unless another transaction of the same holder has it. While it is undecided whether
     * the other keeps the row, this method waits for the outcome.
     *
     * @return true if this transaction must claim the row and then call {@link #granted} or {@link #release}; false if
     *     another transaction has the row; null if that is still undecided after {@code patience}
     */
    Boolean take(FenceRow row, FencePart by, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        mutex.lockInterruptibly();
        try {
            while (true) {
                Holding holding = holdings.get(row);
                if (holding == null) {
                    holdings.put(row, new Holding(by));
                    return true;
                }
                if (holding.by == by) {
                    return true;
                }
                if (holding.granted && !holding.ending) {
                    return false;
                }
                if (left <= 0) {
                    return null;
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            mutex.unlock();
        }
    }

    /** The transaction has written the row. */
    void granted(FenceRow row, FencePart by) {
        pruning.claimed();
        mutex.lock();
        try {
            Holding holding = holdings.get(row);
            if (holding != null && holding.by == by) {
                holding.granted = true;
                changed.signalAll();
            }
        } finally {
            mutex.unlock();
        }
    }

    /** The transaction does not hold the row, or no longer holds it. */
    void release(FenceRow row, FencePart by) {
        mutex.lock();
        try {
            Holding holding = holdings.get(row);
            if (holding != null && holding.by == by) {
                holdings.remove(row);
                changed.signalAll();
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Whether a transaction of the same holder, other than {@code but}, has the row and keeps it. */
    boolean held(FenceRow row, FencePart but) {
        mutex.lock();
        try {
            Holding holding = holdings.get(row);
            return holding != null && holding.by != but && holding.granted && !holding.ending;
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Called before the commit of a transaction that relies on another transaction's row: the other keeps the row until
     * {@link #committedBeside}.
     *
     * @return false if no other transaction has the row any more
     */
    boolean commitBeside(FenceRow row, FencePart by) {
        mutex.lock();
        try {
            Holding holding = holdings.get(row);
            if (holding == null || holding.by == by || !holding.granted || holding.ending) {
                return false;
            }
            holding.besides++;
            return true;
        } finally {
            mutex.unlock();
        }
    }

    void committedBeside(FenceRow row) {
        mutex.lock();
        try {
            Holding holding = holdings.get(row);
            if (holding != null) {
                holding.besides--;
                changed.signalAll();
            }
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Called before a transaction gives the row up: from now on no other transaction relies on it. Waits, at most
     * {@code patience}, for commits that already do.
     */
    void ending(FenceRow row, FencePart by, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        mutex.lockInterruptibly();
        try {
            Holding holding = holdings.get(row);
            if (holding == null || holding.by != by) {
                return;
            }
            holding.ending = true;
            while (holding.besides > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            mutex.unlock();
        }
    }

    /** A row was committed. */
    void committed(FenceRow row) {
        mutex.lock();
        try {
            known.put(row.name(), row);
        } finally {
            mutex.unlock();
        }
    }

    /** A committed row no longer exists: the table was emptied or created again. */
    void forget(FenceRow row) {
        mutex.lock();
        try {
            known.remove(row.name());
        } finally {
            mutex.unlock();
        }
    }

    /** Whether the database has, or had, this row committed: no claim with a smaller token can follow. */
    boolean knows(FenceRow row) {
        mutex.lock();
        try {
            return row.equals(known.get(row.name()));
        } finally {
            mutex.unlock();
        }
    }
}
