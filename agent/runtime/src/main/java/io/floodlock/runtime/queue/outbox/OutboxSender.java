package io.floodlock.runtime.queue.outbox;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.event.StallLog;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import io.floodlock.runtime.queue.result.ResultReceiver;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.tx.TxHome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends committed calls from the outbox tables to the stores of their queues: those of this JVM at once, and all that is
 * left every few seconds. For each database it runs one task at a time, over one connection of its own. Thread-safe.
 */
final class OutboxSender {

    private static final Logger log = LoggerFactory.getLogger(OutboxSender.class);

    /** The pause after a failure, and while another JVM sends a bucket. */
    private static final long AGAIN_MS = 100;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String namespace;
    private final ResultReceiver results;
    private final Function<String, CallStore> stores;
    private final Executor executor;
    private final ScheduledExecutorService timer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();

    /** The buckets to be sent, by the database's id. One that has an entry has a task. */
    @GuardedBy("lock")
    private final Map<String, Set<OutboxTables.Bucket>> due = new HashMap<>();

    OutboxSender(
            String namespace,
            ResultReceiver results,
            Function<String, CallStore> stores,
            Executor executor,
            ScheduledExecutorService timer) {
        this.namespace = namespace;
        this.results = results;
        this.stores = stores;
        this.executor = executor;
        this.timer = timer;
    }

    /** Sends what is left in these databases. */
    void look(List<TxHome> homes) {
        for (TxHome home : homes) {
            try (Connection own = home.open()) {
                OutboxTables tables = OutboxTables.find(home, own);
                if (tables != null) {
                    send(home, tables.waiting(own, namespace));
                }
            } catch (SQLException | RuntimeException e) {
                log.debug("The outbox of {} can't be read; it is tried again", home.name(), e);
            }
        }
    }

    /** Sends these buckets soon; returns at once. */
    void send(TxHome home, Collection<OutboxTables.Bucket> buckets) {
        if (buckets.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            Set<OutboxTables.Bucket> known = due.get(home.id());
            if (known != null) {
                known.addAll(buckets);
                added.signalAll();
                return;
            }
            due.put(home.id(), new LinkedHashSet<>(buckets));
        } finally {
            lock.unlock();
        }
        executor.execute(() -> run(home));
    }

    /** The buckets to be sent now. Waits a moment for some, as a connection costs more; ends the task if none are. */
    private List<OutboxTables.Bucket> takeDue(TxHome home) throws InterruptedException {
        lock.lock();
        try {
            Set<OutboxTables.Bucket> known = due.get(home.id());
            long left = IDLE_NANOS;
            while (known.isEmpty() && left > 0) {
                left = added.awaitNanos(left);
            }
            if (known.isEmpty()) {
                due.remove(home.id());
                return List.of();
            }
            List<OutboxTables.Bucket> taken = List.copyOf(known);
            known.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void run(TxHome home) {
        try (Connection own = home.open()) {
            OutboxTables tables = OutboxTables.find(home, own);
            for (List<OutboxTables.Bucket> buckets = takeDue(home); !buckets.isEmpty(); buckets = takeDue(home)) {
                for (OutboxTables.Bucket bucket : buckets) {
                    if (tables != null && !trySend(home, tables, own, bucket)) {
                        later(home, bucket);
                    }
                }
            }
        } catch (InterruptedException e) {
            giveUp(home);
        } catch (SQLException | RuntimeException | Error e) {
            giveUp(home);
            log.debug("The outbox of {} can't be sent now; the next look tries again", home.name(), e);
        }
    }

    /** A bucket whose calls the store does not take must not keep those of others. */
    private boolean trySend(TxHome home, OutboxTables tables, Connection own, OutboxTables.Bucket bucket)
            throws SQLException {
        String subject = "Bucket " + bucket.number() + " of the queued calls of " + bucket.queue()
                + " in the outbox of " + home.name();
        try {
            boolean sent = sendAll(tables, own, bucket);
            if (sent) {
                StallLog.shared().resumed(subject);
            }
            return sent;
        } catch (FloodlockFailure | MalformedRecordException e) {
            StallLog.shared().stalled(subject, e.getMessage(), "They stay there and are tried again");
            return true;
        }
    }

    /** Ends the task after a failure; what is left is found by the next look. */
    private void giveUp(TxHome home) {
        lock.lock();
        try {
            due.remove(home.id());
        } finally {
            lock.unlock();
        }
    }

    private void later(TxHome home, OutboxTables.Bucket bucket) {
        try {
            timer.schedule(() -> send(home, List.of(bucket)), AGAIN_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // this JVM ends; another one sends the rest
        }
    }

    /** @return false if another JVM sends the bucket now */
    private boolean sendAll(OutboxTables tables, Connection own, OutboxTables.Bucket bucket) throws SQLException {
        CallStore store = stores.apply(bucket.queue().substring(namespace.length() + 1));
        boolean more = true;
        while (more) {
            own.setAutoCommit(false);
            try {
                if (!tables.claim(own, bucket)) {
                    own.rollback();
                    return false;
                }
                List<OutboxTables.Row> rows = tables.first(own, bucket, BucketSender.MOST_ROWS);
                if (!rows.isEmpty()) {
                    new BucketSender(store, results, tables.source(own, bucket), bucket.number()).send(rows);
                    tables.delete(own, bucket, rows.get(rows.size() - 1).number());
                }
                own.commit();
                more = rows.size() == BucketSender.MOST_ROWS;
            } catch (SQLException | RuntimeException | Error e) {
                own.rollback();
                throw e;
            } finally {
                own.setAutoCommit(true);
            }
        }
        return true;
    }
}
