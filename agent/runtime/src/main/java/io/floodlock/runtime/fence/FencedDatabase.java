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
 * One database, and which of this JVM's transactions hold which rows in it: another transaction of the same holder must
 * not wait for such a row. Thread-safe.
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

    /** Rows that were committed lately, by name; forgetting one costs a claim. */
    private final Map<String, FenceRow> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, FenceRow> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Who has, or is about to get, a row. */
    private static final class Holding {
        private final FencePart by;
        private boolean granted;
        private boolean ending;

        /** Others that are being committed without the row, as this one has it. */
        private int besides;

        Holding(FencePart by) {
            this.by = by;
        }
    }

    /** The latest that led here. */
    private volatile WeakReference<DataSource> source;

    FencedDatabase(String name, FenceDialect dialect, FenceDialect.Place place) {
        this.name = name;
        this.dialect = dialect;
        this.place = place;
    }

    void seenThrough(DataSource latest) {
        source = new WeakReference<>(latest);
    }

    /** A connection beside the application's. */
    Connection open() throws SQLException {
        DataSource now = source.get();
        if (now == null) {
            throw new SQLException("the application has given up its DataSource of " + name, "08003");
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
     * Whether there is a table at all; else nobody can have claimed anything, or it has not been copied to this replica
     * yet.
     */
    boolean exists() {
        return place.id() != null;
    }

    /** Whether it is time to look again whether a replica has been given the table. */
    boolean mayHaveChanged() {
        return !exists() && System.nanoTime() - metNanos > LOOK_AGAIN_NANOS;
    }

    boolean writable() {
        return place.writable();
    }

    /**
     * Lets a transaction have a row unless another of the same holder has it; waits while it is open whether that one
     * gets it.
     *
     * @return whether this one is to claim it, and owes {@link #granted} or {@link #release}; false if another has it;
     *     null if another is still about to get it after {@code patience}
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

    /** The transaction has the row. */
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

    /** The transaction doesn't have the row, or not any more. */
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

    /** Whether another transaction of the same holder has the row. */
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
     * A transaction that relies on another's row is about to be committed: that one keeps the row until {@link
     * #committedBeside}.
     *
     * @return false if no other has it any more
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

    /** A transaction is about to give the row up: no other relies on it from now on; waits for commits that do. */
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

    /** A row that was committed is not there any more: the table was emptied, or made anew. */
    void forget(FenceRow row) {
        mutex.lock();
        try {
            known.remove(row.name());
        } finally {
            mutex.unlock();
        }
    }

    /** Whether the database has, or had, this row as committed: nobody with a smaller token can come after. */
    boolean knows(FenceRow row) {
        mutex.lock();
        try {
            return row.equals(known.get(row.name()));
        } finally {
            mutex.unlock();
        }
    }
}
