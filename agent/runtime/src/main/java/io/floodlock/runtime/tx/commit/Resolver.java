package io.floodlock.runtime.tx.commit;

import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.dialect.Decision;
import io.floodlock.runtime.tx.name.Gid;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the decision whose reply was lost, or makes sure that there will never be one. {@link Completion} calls it
 * after a lost COMMIT, recovery for a branch past its deadline. Thread-safe.
 *
 * <p>The tombstone's INSERT waits for a session that has inserted C and has neither committed nor gone, for two seconds
 * each time. After the third time that session can only belong to a host that has vanished, as a live host sends INSERT
 * and COMMIT together; so the session is terminated.
 */
public final class Resolver {

    private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);

    private static final long LIMIT_MILLIS = 5_000;
    private static final long PAUSE_MILLIS = 100;
    private static final int LOCK_TIMEOUTS = 3;

    private final Executor beside;

    public Resolver(Executor beside) {
        this.beside = beside;
    }

    enum Outcome {
        COMMITTED,
        ABORTED,
        UNKNOWN
    }

    /** Finds or makes the decision. Tries for five seconds, and longer only while the database answers. */
    Outcome resolve(Database home, Gid gid) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
        SQLException last = null;
        do {
            try (Connection own = home.open()) {
                own.setNetworkTimeout(Runnable::run, (int) LIMIT_MILLIS);
                Optional<Decision> row = decision(home, own, gid);
                if (row.isPresent()) {
                    return row.get().commits() ? Outcome.COMMITTED : Outcome.ABORTED;
                }
            } catch (SQLException e) {
                last = e;
            }
        } while (System.nanoTime() < end && pause());
        LOG.warn(
                "{}: the decision on {} can't be read: {}",
                gid.text(),
                home.name(),
                last == null ? "another session keeps its row locked" : last.getMessage());
        return Outcome.UNKNOWN;
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The row that stands from now on; a tombstone if there was no row. Empty while a session keeps the row locked. */
    public Optional<Decision> decision(Database home, Connection own, Gid gid) throws SQLException {
        for (int i = 0; i < LOCK_TIMEOUTS; i++) {
            Optional<Decision> row = home.dialect().recovery().tombstone(own, home.table(), gid);
            if (row.isPresent()) {
                return row;
            }
        }
        return endBlocker(home, own, gid);
    }

    private Optional<Decision> endBlocker(Database home, Connection own, Gid gid) throws SQLException {
        int backend = home.dialect().recovery().backend(own);
        CompletableFuture<Optional<Decision>> insert = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return home.dialect().recovery().tombstone(own, home.table(), gid);
                    } catch (SQLException e) {
                        LOG.debug("{}: tombstone", gid.text(), e);
                        return Optional.empty();
                    }
                },
                beside);
        try (Connection other = home.open()) {
            while (!insert.isDone()) {
                int ended = home.dialect().recovery().terminateBlockers(other, backend);
                if (ended > 0) {
                    LOG.warn(
                            "{}: sessions terminated that kept its decision row locked: {}, on {}",
                            gid.text(),
                            ended,
                            home.name());
                }
                if (!pause()) {
                    break;
                }
            }
        }
        return insert.join();
    }
}
