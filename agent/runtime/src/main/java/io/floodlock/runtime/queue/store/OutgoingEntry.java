package io.floodlock.runtime.queue.store;

import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.EntryRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * An entry that is to be added to a stream. Immutable.
 *
 * @param calls number of calls in it
 * @param dedups of its calls, in their order, those that may repeat an earlier one
 * @param replicas the replicas that are to have it
 * @param mayBeStored whether an earlier attempt may have stored it
 */
public record OutgoingEntry(byte[] bytes, int calls, List<Dedup> dedups, int replicas, boolean mayBeStored) {

    /** No entry: only the stream's counters are wanted. */
    public static final OutgoingEntry NONE = new OutgoingEntry(new byte[0], 0);

    /**
     * A call that is left out if another one with its keys was stored within the last {@code window} ms.
     *
     * @param index of the call in the entry
     * @param key of the call; null for none
     * @param repeats its key among those that repeat each other
     */
    public record Dedup(int index, CallId id, String key, String repeats, long window) {}

    /** An entry of calls that repeat nothing. */
    public OutgoingEntry(byte[] bytes, int calls) {
        this(bytes, calls, List.of(), 0, false);
    }

    public static OutgoingEntry of(EntryRecord entry) {
        List<Dedup> dedups = new ArrayList<>(0);
        int replicas = 0;
        int index = 0;
        for (EntryRecord.Section section : entry.sections()) {
            for (CallRecord call : section.calls()) {
                CallRecord.Dedup dedup = call.dedup();
                if (dedup != null) {
                    dedups.add(new Dedup(index, entry.id(index), call.key(), dedup.key(), dedup.window()));
                }
                replicas = Math.max(replicas, call.replicas());
                index++;
            }
        }
        return new OutgoingEntry(entry.toBytes(), index, dedups, replicas, false);
    }

    /** The same entry, for another attempt. */
    public OutgoingEntry again() {
        return mayBeStored ? this : new OutgoingEntry(bytes, calls, dedups, replicas, true);
    }
}
