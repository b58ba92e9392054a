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
import java.util.stream.Collectors;

/**
 * Sends committed calls from the outbox tables to the stores of their queues: those of this JVM at once, and all that
 * is left every few seconds. For each database it runs one task at a time, over one connection of its own, and one more
 * for the buckets that the store has refused: in a cluster they may be those of one master. Thread-safe.
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

    /** The tasks that run. */
    @GuardedBy("lock")
    private final Map<Task, Work> tasks = new HashMap<>();

    /** The buckets that the store has refused when they were sent last. */
    private final Set<Refused> refused = ConcurrentHashMap.newKeySet();

    /**
     * @param home the database's id
     * @param refused whether it is the one for buckets that the store has refused
     */
    private record Task(String home, boolean refused) {}

    private record Refused(String home, OutboxTables.Bucket bucket) {}

    /** The buckets of one task. A bucket may be due again while it is sent. */
    private static final class Work {
        private final Set<OutboxTables.Bucket> due = new LinkedHashSet<>();
        private final Set<OutboxTables.Bucket> taken = new LinkedHashSet<>();

        boolean has(OutboxTables.Bucket bucket) {
            return due.contains(bucket) || taken.contains(bucket);
        }
    }

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
        buckets.stream()
                .collect(Collectors.partitioningBy(bucket -> refused.contains(new Refused(home.id(), bucket))))
                .forEach((again, some) -> send(home, new Task(home.id(), again), some));
    }

    private void send(TxHome home, Task task, Collection<OutboxTables.Bucket> buckets) {
        if (buckets.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            Work known = tasks.get(task);
            if (known != null) {
                known.due.addAll(buckets);
                added.signalAll();
                return;
            }
            Work work = new Work();
            work.due.addAll(buckets);
            tasks.put(task, work);
        } finally {
            lock.unlock();
        }
        executor.execute(() -> run(home, task));
    }

    /** The buckets to be sent now. Waits a moment for some, as a connection costs more; ends the task if none are. */
    private List<OutboxTables.Bucket> takeDue(Task task) throws InterruptedException {
        lock.lock();
        try {
            Work work = tasks.get(task);
            long left = IDLE_NANOS;
            while (work.due.isEmpty() && left > 0) {
                left = added.awaitNanos(left);
            }
            if (work.due.isEmpty()) {
                tasks.remove(task);
                return List.of();
            }
            work.taken.addAll(work.due);
            work.due.clear();
            return List.copyOf(work.taken);
        } finally {
            lock.unlock();
        }
    }

    private void run(TxHome home, Task task) {
        String subject = "The sending of calls from the outbox of " + home.name();
        try (Connection own = home.open()) {
            OutboxTables tables = OutboxTables.find(home, own);
            for (List<OutboxTables.Bucket> buckets = takeDue(task); !buckets.isEmpty(); buckets = takeDue(task)) {
                for (OutboxTables.Bucket bucket : buckets) {
                    Attempt attempt = tables == null ? Attempt.SENT : trySend(home, tables, own, bucket);
                    ended(task, bucket, attempt == Attempt.SENT);
                    if (attempt == Attempt.BUSY) {
                        later(home, bucket);
                    }
                }
                stalls.resumed(subject);
            }
        } catch (InterruptedException e) {
            giveUp(task);
        } catch (SQLException | RuntimeException | Error e) {
            giveUp(task);
            stalls.stalled(subject, String.valueOf(e.getMessage()), TRIED_AGAIN);
        }
    }

    private enum Attempt {
        SENT,
        /** Another JVM sends the bucket now. */
        BUSY,
        /** The store does not take its calls; the next look tries it again. */
        REFUSED
    }

    /** A bucket that a task still has may hold calls that were committed while the others were sent. */
    private void ended(Task task, OutboxTables.Bucket bucket, boolean sent) {
        lock.lock();
        try {
            tasks.get(task).taken.remove(bucket);
            boolean more = tasks.entrySet().stream()
                    .anyMatch(each -> each.getKey().home.equals(task.home)
                            && each.getValue().has(bucket));
            if (sent && !more) {
                unsent.remove(task.home, bucket);
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
            refused.remove(new Refused(home.id(), bucket));
            stalls.resumed(subject);
            return Attempt.SENT;
        } catch (FloodlockFailure | MalformedRecordException e) {
            refused.add(new Refused(home.id(), bucket));
            stalls.stalled(subject, e.getMessage(), TRIED_AGAIN);
            return Attempt.REFUSED;
        }
    }

    /** Ends the task after a failure; what is left is found by the next look. */
    private void giveUp(Task task) {
        lock.lock();
        try {
            tasks.remove(task);
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
