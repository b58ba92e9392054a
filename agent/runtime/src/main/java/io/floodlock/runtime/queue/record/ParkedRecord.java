package io.floodlock.runtime.queue.record;

import java.util.UUID;

/** A call outside the stream, as stored among its lane's parked calls. */
public record ParkedRecord(CallId id, PackedCall content) {

    private static final int VERSION = 1;

    public byte[] toBytes() {
        WireWriter out = new WireWriter(64 + content.weight());
        out.octet(VERSION).uuid(id.session()).number(id.sequence()).number(id.index());
        content.write(out);
        return out.toBytes();
    }

    public static ParkedRecord fromBytes(byte[] bytes) {
        WireReader in = new WireReader(bytes);
        int version = in.octet();
        if (version != VERSION) {
            throw new MalformedRecordException(
                    "a parked call has format " + version + ", but this agent reads format " + VERSION);
        }
        UUID session = in.uuid();
        long sequence = in.number(Long.MAX_VALUE);
        int index = (int) in.number(PackedEntry.MOST_CALLS);
        ParkedRecord record = new ParkedRecord(new CallId(session, sequence, index), PackedCall.read(in));
        in.end();
        return record;
    }
}
