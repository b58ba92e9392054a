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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Sends committed calls from the outbox tables to the stores of their queues: those of this JVM at once, and all that
 * is left every few seconds. For each database it runs one task at a time, over one connection of its own. Thread-safe.
 */
final class OutboxSender {

    /** The pause after a failure, and while another JVM sends a bucket. */
    private static final long AGAIN_MS = 100;

    private static final String TRIED_AGAIN = "The calls stay there and are tried again";

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String namespace;
    private final ResultReceiver results;
    private final Function<String, CallStore> stores;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final StallLog stalls;
    private final UnsentBuckets unsent = new UnsentBuckets();

    /** The ids of the databases that have an outbox: what can't be read in others holds no calls. */
    private final Set<String> used = ConcurrentHashMap.newKeySet();

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
            ScheduledExecutorService timer,
            StallLog stalls) {
        this.namespace = namespace;
        this.results = results;
        this.stores = stores;
        this.executor = executor;
        this.timer = timer;
        this.stalls = stalls;
    }

    /** Sends what is left in these databases. */
    void look(List<TxHome> homes) {
        homes.forEach(this::look);
    }

    private void look(TxHome home) {
        String subject = "The outbox of " + home.name();
        try (Connection own = home.open()) {
            OutboxTables tables = OutboxTables.find(home, own);
            if (tables != null) {
                used.add(home.id());
                send(home, tables.waiting(own, namespace));
            }
            // another JVM may have sent them, or the tables are lost
            send(home, unsent.of(home.id()));
            stalls.resumed(subject);
        } catch (SQLException | RuntimeException e) {
            if (used.contains(home.id())) {
                stalls.stalled(subject, "it can't be read: " + e.getMessage(), TRIED_AGAIN);
            }
        }
    }

    UnsentBuckets unsent() {
        return unsent;
    }

    /** Sends these buckets, in which this JVM has committed calls, soon; returns at once. */
    void committed(TxHome home, Collection<OutboxTables.Bucket> buckets) {
        buckets.forEach(bucket -> unsent.add(home.id(), bucket));
        send(home, buckets);
    }

    /** Sends these buckets soon; returns at once. */
    private void send(TxHome home, Collection<OutboxTables.Bucket> buckets) {
        if (buckets.isEmpty()) {
            return;
        }
        used.add(home.id());
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
        String subject = "The sending of calls from the outbox of " + home.name();
        try (Connection own = home.open()) {
            OutboxTables tables = OutboxTables.find(home, own);
            for (List<OutboxTables.Bucket> buckets = takeDue(home); !buckets.isEmpty(); buckets = takeDue(home)) {
                for (OutboxTables.Bucket bucket : buckets) {
                    switch (tables == null ? Attempt.SENT : trySend(home, tables, own, bucket)) {
                        case SENT -> sent(home, bucket);
                        case BUSY -> later(home, bucket);
                        case REFUSED -> {
                            // the next look tries it again
                        }
                    }
                }
                stalls.resumed(subject);
            }
        } catch (InterruptedException e) {
            giveUp(home);
        } catch (SQLException | RuntimeException | Error e) {
            giveUp(home);
            stalls.stalled(subject, String.valueOf(e.getMessage()), TRIED_AGAIN);
        }
    }

    private enum Attempt {
        SENT,
        /** Another JVM sends the bucket now. */
        BUSY,
        /** The store does not take its calls. */
        REFUSED
    }

    /** Calls that were committed while the others were sent are due again. */
    private void sent(TxHome home, OutboxTables.Bucket bucket) {
        lock.lock();
        try {
            if (!due.get(home.id()).contains(bucket)) {
                unsent.remove(home.id(), bucket);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A bucket whose calls the store does not take must not keep those of others. */
    private Attempt trySend(TxHome home, OutboxTables tables, Connection own, OutboxTables.Bucket bucket)
            throws SQLException {
        String subject = "Bucket " + bucket.number() + " of the queued calls of " + bucket.queue()
                + " in the outbox of " + home.name();
        try {
            if (!sendAll(tables, own, bucket)) {
                return Attempt.BUSY;
            }
            stalls.resumed(subject);
            return Attempt.SENT;
        } catch (FloodlockFailure | MalformedRecordException e) {
            stalls.stalled(subject, e.getMessage(), TRIED_AGAIN);
            return Attempt.REFUSED;
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
