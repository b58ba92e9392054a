package io.floodlock.runtime.fence;

import io.floodlock.runtime.thread.AgentThreads;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes rows that no one may claim any more, in one database. It runs while claims are made there, every one to five
 * hours, at a random time in each JVM, on a thread and a connection of the agent's own. Thread-safe.
 */
final class Pruning {

    private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);
    private static final long SHORTEST_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(5);
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(new AgentThreads("floodlock-fence"));

    private final FencedDatabase database;
    private final AtomicLong dueNanos = new AtomicLong(System.nanoTime() + pause());

    Pruning(FencedDatabase database) {
        this.database = database;
    }

    /** A claim was made. */
    void claimed() {
        long due = dueNanos.get();
        long now = System.nanoTime();
        if (now - due >= 0 && dueNanos.compareAndSet(due, now + pause())) {
            THREADS.execute(this::prune);
        }
    }

    private static long pause() {
        return ThreadLocalRandom.current().nextLong(SHORTEST_NANOS, LONGEST_NANOS);
    }

    void prune() {
        try (Connection own = database.open()) {
            database.dialect().prune(own, database.table());
        } catch (SQLException | RuntimeException e) {
            LOG.warn(
                    "Old rows of {} in database {} could not be deleted; the agent tries again later: {}",
                    database.table(),
                    database.name(),
                    e.toString());
        }
    }
}
