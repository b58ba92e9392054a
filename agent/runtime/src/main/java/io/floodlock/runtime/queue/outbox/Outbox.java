package io.floodlock.runtime.queue.outbox;

import io.floodlock.runtime.event.StallLog;
import io.floodlock.runtime.queue.result.ResultReceiver;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.tx.CommitWork;
import io.floodlock.runtime.tx.TxEngine;
import io.floodlock.runtime.tx.TxHome;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Stores calls that are made inside a distributed transaction, if and only if it commits. {@code StoredQueueEngine} has
 * one; {@code QueueSite} gives it calls. Thread-safe.
 */
public final class Outbox {

    /*
     * A call that is made in a transaction waits in the memory of its thread. Right before the transaction commits, all
     * its calls become rows of the transaction's primary: so they commit with it. Then they are sent to the store, and
     * their rows are deleted.
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
     *   the transaction has used no database             the calls are stored when it ends, one after the other
     *
     * Results. A caller that waits for one is not the source of the call. So the call carries the session to which its
     * outcome is sent.
     */

    /** The tables know this number of buckets for each queue; never changed, as a key must keep its bucket. */
    static final int BUCKETS = 16;

    private final String namespace;
    private final UUID session;
    private final Supplier<TxEngine> transactions;
    private final ResultReceiver results;
    private final OutboxSender sender;
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
        sender.look(transactions.get().homes());
    }

    /**
     * Takes a call, if a transaction is open on this thread.
     *
     * @return whether it was taken
     */
    public boolean take(Function<UUID, OutboxCall> call) {
        CommitWork batch = transactions.get().atCommit(() -> new OutboxBatch(this));
        if (batch == null) {
            return false;
        }
        ((OutboxBatch) batch).add(call.apply(session));
        return true;
    }

    String namespace() {
        return namespace;
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
