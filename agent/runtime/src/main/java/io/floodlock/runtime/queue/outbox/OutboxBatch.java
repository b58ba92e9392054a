package io.floodlock.runtime.queue.outbox;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.tx.CommitWork;
import io.floodlock.runtime.tx.HomeWork;
import io.floodlock.runtime.tx.TxHome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/** The calls of one transaction, see {@link Outbox}. Belongs to the transaction's thread. */
final class OutboxBatch implements CommitWork {

    private static final String NO_TABLE = "42P01";
    private final Outbox outbox;
    private final List<OutboxCall> calls = new ArrayList<>();

    /** The buckets of the rows; empty where none is written. */
    private final List<OutboxTables.Bucket> written = new ArrayList<>();

    private TxHome home;

    OutboxBatch(Outbox outbox) {
        this.outbox = outbox;
    }

    void add(OutboxCall call) {
        if (calls.isEmpty()) {
            outbox.open().opened(this, call.queue);
        }
        calls.add(call);
    }

    @Override
    public int size() {
        return calls.size();
    }

    @Override
    public void shorten(int size) {
        List<OutboxCall> dropped = calls.subList(size, calls.size());
        dropped.forEach(call -> {
            call.ended.run();
            fail(
                    call,
                    Failure.TRANSACTION_ROLLED_BACK.because(
                            "the call was not stored, as the transaction was rolled back to a savepoint before it"));
        });
        dropped.clear();
    }

    @Override
    public void write(TxHome in, Connection connection) throws SQLException {
        home = in;
        OutboxTables tables = outbox.tables(in);
        for (Map.Entry<OutboxTables.Bucket, List<OutboxCall>> one : byBucket().entrySet()) {
            try {
                write(tables, connection, one.getKey(), one.getValue());
            } catch (SQLException e) {
                if (NO_TABLE.equals(e.getSQLState())) {
                    outbox.forgetTables(in);
                }
                throw e;
            }
        }
    }

    /** In the order in which transactions lock them. */
    private Map<OutboxTables.Bucket, List<OutboxCall>> byBucket() {
        Map<OutboxTables.Bucket, List<OutboxCall>> sorted = new TreeMap<>(
                Comparator.comparing(OutboxTables.Bucket::queue).thenComparing(OutboxTables.Bucket::number));
        int keyless = ThreadLocalRandom.current().nextInt(Outbox.BUCKETS);
        for (OutboxCall call : calls) {
            String key = call.content.laneKey();
            OutboxTables.Bucket bucket =
                    key == null ? outbox.bucket(call.queue, keyless) : outbox.bucketOf(call.queue, key);
            sorted.computeIfAbsent(bucket, any -> new ArrayList<>()).add(call);
        }
        return sorted;
    }

    private void write(OutboxTables tables, Connection connection, OutboxTables.Bucket bucket, List<OutboxCall> of)
            throws SQLException {
        List<byte[]> encoded = of.stream().map(call -> call.content.toBytes()).toList();
        OutboxTables.Numbered numbered = tables.write(connection, bucket.queue(), bucket.number(), encoded);
        long number = numbered.first();
        for (OutboxCall call : of) {
            call.id = new CallId(numbered.source(), number++, 0);
            if (call.listener != null) {
                outbox.results().expect(call.id, call.listener);
            }
        }
        written.add(bucket);
    }

    @Override
    public void ended(HomeWork.End end) {
        outbox.open().ended(this);
        calls.forEach(call -> call.ended.run());
        switch (end) {
            case COMMITTED, IN_DOUBT -> {
                if (home == null) {
                    calls.forEach(call -> call.direct.run());
                } else {
                    outbox.sender().committed(home, written);
                }
            }
            case ROLLED_BACK ->
                fail(Failure.TRANSACTION_ROLLED_BACK.because(
                        "the call was not stored, as the transaction that made it was rolled back"));
            case UNKNOWN -> {
                fail(Failure.ENQUEUE_UNKNOWN.because(
                        "the call may be stored or not, as it is not known whether the transaction that made it has"
                                + " committed"));
                if (home != null) {
                    outbox.sender().committed(home, written);
                }
            }
        }
    }

    private void fail(RuntimeException why) {
        calls.forEach(call -> fail(call, why));
    }

    private void fail(OutboxCall call, RuntimeException why) {
        if (call.listener != null) {
            outbox.results().forget(call.id);
            call.listener.executor().execute(() -> call.listener.failed(why));
        }
    }
}
