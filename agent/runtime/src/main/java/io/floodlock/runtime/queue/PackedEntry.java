package io.floodlock.runtime.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What one stream entry holds: calls of one producer for one lane. Packing is what lets a queue pass the rate at which Redis
 * takes entries. The entry has a single field, named by the format's version.
 *
 * @param total calls that this session has ever sent to this lane, these included. The owner learns from it of calls that were
 *     given up on and never arrived, so that they don't fill the queue for ever
 */
record PackedEntry(UUID session, long sequence, long total, List<PackedCall> calls) {

    /** The field that holds an entry of this format. */
    static final String VERSION = "1";

    static final int MOST_CALLS = 256;

    /** A call that alone is heavier travels in an entry of its own, up to {@link PackedCall#LONGEST_PAYLOAD}. */
    static final int FULL_AT_BYTES = 64 * 1024;

    PackedEntry {
        calls = List.copyOf(calls);
    }

    byte[] toBytes() {
        int expected = 64;
        for (PackedCall call : calls) {
            expected += call.weight();
        }
        WireWriter out = new WireWriter(expected);
        out.uuid(session).number(sequence).number(total).number(calls.size());
        for (PackedCall call : calls) {
            call.write(out);
        }
        return out.toBytes();
    }

    /** @throws MalformedRecordException unless these are the bytes of one whole entry */
    static PackedEntry fromBytes(byte[] bytes) {
        WireReader in = new WireReader(bytes);
        UUID session = in.uuid();
        long sequence = in.number(Long.MAX_VALUE);
        long total = in.number(Long.MAX_VALUE);
        int count = (int) in.number(MOST_CALLS);
        List<PackedCall> calls = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            calls.add(PackedCall.read(in));
        }
        in.end();
        return new PackedEntry(session, sequence, total, calls);
    }
}
