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
 * Finds out the decision whose reply was lost, or makes sure that there will never be one. Thread-safe.
 *
 * <p>The tombstone's INSERT waits for a session that has inserted C and neither committed nor gone. Two seconds each
 * time; after the third it can only be a host that has vanished, as a live one sends INSERT and COMMIT together, and
 * its session is ended.
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

    /** Tries for five seconds, longer only while the database answers. */
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
                "{}: {} can't be asked for the decision: {}",
                gid.text(),
                home.name(),
                last == null ? "the row stays locked" : last.getMessage());
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

    /** The row that stands from now on, a tombstone where there was none; empty while a session keeps it locked. */
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
                            "{}: ended {} session that had kept its decision locked on {}",
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
