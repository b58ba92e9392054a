package io.floodlock.runtime.queue.outbox;

import io.floodlock.runtime.event.StallLog;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.result.ResultReceiver;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.tx.TxEngine;
import io.floodlock.runtime.tx.TxHome;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Stores calls that are made inside a transaction, a distributed one or that of one connection, if and only if it
 * commits. {@code StoredQueueEngine} has one; {@code QueueSite} gives it calls. Thread-safe.
 */
public final class Outbox {

    /*
     * A call that is made in a transaction waits in memory. Right before the transaction commits, all its calls become
     * rows of its database, or of its primary if it has several: so they commit with it. Then they are sent to the
     * store, and their rows are deleted.
     *
     * Order. The calls of one key belong to one bucket. The row of the bucket is locked from the numbering until the
     * commit, and a transaction locks its buckets in one order. So the numbers are in the order of commits, without
     * gaps, and whoever sees a number sees all smaller ones. One sender at a time takes the first rows of a bucket and
     * sends them in their order, the next ones not before these are confirmed.
     *
     * Identity. A call is (source, number): the source is a UUID that is derived from a random one in the bucket's row,
     * so that a table that is made anew numbers its calls from 1 without harm. A sender that dies after the store has
     * the calls and before their rows are deleted leaves them to another one, which sends them again, perhaps in other
     * batches. The owner of the lane skips the numbers that it has seen.
     *
     *   event                                            effect
     *   the transaction rolls back                       no row; futures end with that reason
     *   the JVM is killed before the commit              no row
     *   the JVM is killed after the commit               rows; any JVM that uses the database sends them
     *   the store can't be reached                       rows stay, and are tried again; the log says so
     *   the outcome of the commit is unknown             rows or none; futures end with that
     *   its connection is closed without an end          as its pool or a manager ends it; see LocalCommitWork
     *   the transaction has used no database             the calls are stored when it ends, one after the other
     *   a call of the key is then made in none           it waits until those of this JVM are sent
     *
     * Results. A caller that waits for one is not the source of the call. So the call carries the session to which its
     * outcome is sent.
     */

    /** The tables know this number of buckets for each queue; never changed, as a key must keep its bucket. */
    static final int BUCKETS = 16;

    private static final LaneLayout BY_KEY = new LaneLayout(BUCKETS, List.of(0));

    private final String namespace;
    private final UUID session;
    private final Supplier<TxEngine> transactions;
    private final ResultReceiver results;
    private final OutboxSender sender;
    private final OpenBatches open = new OpenBatches(StallLog.shared(), System::nanoTime);
    private final Map<String, OutboxTables> tables = new ConcurrentHashMap<>();

    /**
     * @param session of this JVM, to which results are sent
     * @param transactions of this JVM, which has some
     * @param stores the store of each queue
     * @param executor runs the sending, which waits for databases and for the store
     */
    public Outbox(
            String namespace,
            UUID session,
            Supplier<TxEngine> transactions,
            ResultReceiver results,
            Function<String, CallStore> stores,
            Executor executor,
            ScheduledExecutorService timer) {
        this.namespace = namespace;
        this.session = session;
        this.transactions = transactions;
        this.results = results;
        this.sender = new OutboxSender(namespace, results, stores, executor, timer, StallLog.shared());
    }

    /** Sends calls that were left, by a killed JVM for example. Asks the databases; to be called every few seconds. */
    public void look() {
        open.look();
        sender.look(transactions.get().homes());
    }

    /**
     * Takes a call, if a transaction is open on this thread.
     *
     * @return whether it was taken
     */
    public boolean take(Function<UUID, OutboxCall> call) {
        OutboxBatch batch = (OutboxBatch) transactions.get().atCommit(() -> new OutboxBatch(this));
        if (batch == null) {
            return false;
        }
        batch.add(call.apply(session));
        return true;
    }

    OpenBatches open() {
        return open;
    }

    /**
     * Waits until the calls of a key that transactions of this JVM have committed are stored, so that a call that is
     * made after them does not overtake them.
     *
     * @param nanos the longest time to wait
     * @throws io.floodlock.runtime.failure.FloodlockFailure UNAVAILABLE if they are not stored by then
     */
    public void awaitSent(String queue, String key, long nanos) {
        if (!sender.unsent().awaitNone(bucketOf(queue, key), nanos)) {
            throw Failure.UNAVAILABLE.because("A call for queue " + queue + " with key '" + key
                    + "' was not stored: earlier calls of that key, or of others that share its bucket of the outbox,"
                    + " were made in transactions and are not yet sent to Redis");
        }
    }

    /** The number of buckets of a queue with calls that this JVM has committed and that are not known to be sent. */
    public long unsentBuckets(String queue) {
        return sender.unsent().count(namespace + ":" + queue);
    }

    OutboxTables.Bucket bucketOf(String queue, String key) {
        return bucket(queue, BY_KEY.laneOf(key));
    }

    OutboxTables.Bucket bucket(String queue, int number) {
        return new OutboxTables.Bucket(namespace + ":" + queue, number);
    }

    ResultReceiver results() {
        return results;
    }

    OutboxSender sender() {
        return sender;
    }

    OutboxTables tables(TxHome home) throws SQLException {
        OutboxTables known = tables.get(home.id());
        if (known == null) {
            known = OutboxTables.ensure(home);
            tables.put(home.id(), known);
        }
        return known;
    }

    void forgetTables(TxHome home) {
        tables.remove(home.id());
    }
}
