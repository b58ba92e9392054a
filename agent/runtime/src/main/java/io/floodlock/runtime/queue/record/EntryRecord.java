package io.floodlock.runtime.queue.record;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The content of one stream entry: calls of one producer for one lane. Packing lets a queue store more calls per second
 * than Redis stores entries. The entry has a single field, whose name is the version of the format.
 */
public record EntryRecord(UUID session, long sequence, List<CallRecord> calls) {

    /** The field that holds an entry of this format. */
    public static final String VERSION = "3";

    public static final int MOST_CALLS = 256;

    /** A larger call has an entry of its own, up to {@link CallRecord#LONGEST_PAYLOAD}. */
    public static final int FULL_AT_BYTES = 64 * 1024;

    public EntryRecord {
        calls = List.copyOf(calls);
    }

    public byte[] toBytes() {
        int expected = 64;
        for (CallRecord call : calls) {
            expected += call.weight();
        }
        RecordWriter out = new RecordWriter(expected);
        out.uuid(session).number(sequence).number(calls.size());
        for (CallRecord call : calls) {
            call.write(out);
        }
        return out.toBytes();
    }

    /** @throws MalformedRecordException unless the bytes are exactly one entry */
    public static EntryRecord fromBytes(byte[] bytes) {
        RecordReader in = new RecordReader(bytes);
        UUID session = in.uuid();
        long sequence = in.number(Long.MAX_VALUE);
        int count = (int) in.number(MOST_CALLS);
        List<CallRecord> calls = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            calls.add(CallRecord.read(in));
        }
        in.end();
        return new EntryRecord(session, sequence, calls);
    }
}
