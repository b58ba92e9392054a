package io.floodlock.runtime.queue.outbox;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.result.ResultReceiver;
import io.floodlock.runtime.queue.store.Appender;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.queue.store.OutgoingEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Appends the calls of one bucket to the streams of its queue, in their order: an entry holds consecutive calls of one
 * lane, and the next one is not sent before it is confirmed. Belongs to one thread.
 */
final class BucketSender {

    static final int MOST_ROWS = 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LAYOUTS = 3;

    private final CallStore store;
    private final ResultReceiver results;
    private final UUID source;
    private final int bucket;

    BucketSender(CallStore store, ResultReceiver results, UUID source, int bucket) {
        this.store = store;
        this.results = results;
        this.source = source;
        this.bucket = bucket;
    }

    /** @throws io.floodlock.runtime.failure.FloodlockFailure if the store has not confirmed all of them */
    void send(List<OutboxTables.Row> rows) {
        // to prepare it takes all masters of a cluster, and this bucket's calls may need only one
        LaneLayout known = store.known();
        LaneLayout layout = known != null ? known : prepare();
        int changes = 0;
        int from = 0;
        while (from < rows.size()) {
            List<CallRecord> calls = new ArrayList<>();
            long number = rows.get(from).number();
            CallRecord first = CallRecord.fromBytes(rows.get(from).call());
            int lane = lane(layout, first);
            int bytes = 0;
            for (CallRecord call = first; call != null; call = next(rows, from + calls.size(), layout, lane, bytes)) {
                calls.add(call);
                bytes += call.weight();
            }
            LaneLayout other = append(layout, lane, number, calls);
            if (other == null) {
                from += calls.size();
            } else if (++changes < LAYOUTS) {
                layout = other;
            } else {
                throw Failure.UNAVAILABLE.because("the layout of the queue does not stay the same");
            }
        }
    }

    private LaneLayout prepare() {
        return store.await(store.prepare(), PATIENCE);
    }

    /** The next call, if it belongs into the same entry; else null. */
    private CallRecord next(List<OutboxTables.Row> rows, int at, LaneLayout layout, int lane, int bytes) {
        if (at >= rows.size() || bytes >= EntryRecord.FULL_AT_BYTES) {
            return null;
        }
        CallRecord call = CallRecord.fromBytes(rows.get(at).call());
        return lane(layout, call) == lane && bytes + call.weight() <= EntryRecord.FULL_AT_BYTES ? call : null;
    }

    private int lane(LaneLayout layout, CallRecord call) {
        return call.laneKey() == null ? bucket % layout.lanes() : layout.laneOf(call.laneKey());
    }

    /**
     * Appends an entry.
     *
     * @return null if it is stored; else the layout in which to send its calls. An entry that may be stored may be sent
     *     in another one: its numbers are known there
     */
    private LaneLayout append(LaneLayout layout, int lane, long number, List<CallRecord> calls) {
        int stream = layout.streamOf(lane);
        EntryRecord entry = new EntryRecord(source, number, List.of(new EntryRecord.Section(lane, 0, calls)));
        OutgoingEntry sent = OutgoingEntry.of(entry);
        Appender.Answer answer = store.await(store.appender().append(layout, stream, sent, List.of()), PATIENCE);
        switch (answer.outcome()) {
            case STORED -> {
                if (answer.replicas() < sent.replicas()) {
                    throw Failure.UNAVAILABLE.because(answer.replicas() + " of the " + sent.replicas()
                            + " replicas that are to have them have acknowledged its calls");
                }
                for (int call = 0; call < calls.size(); call++) {
                    results.stored(entry.id(call), store, stream, lane, answer.id());
                }
                return null;
            }
            case REFUSED -> throw store.explain(new IllegalStateException(answer.detail()));
            default -> {
                return prepare();
            }
        }
    }
}
