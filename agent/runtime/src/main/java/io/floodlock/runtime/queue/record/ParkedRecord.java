package io.floodlock.runtime.queue.record;

import java.util.UUID;

/** A call outside the stream, as stored among its lane's parked calls. */
public record ParkedRecord(CallId id, CallRecord content) {

    private static final int VERSION = 2;

    public byte[] toBytes() {
        RecordWriter out = new RecordWriter(64 + content.weight());
        out.octet(VERSION).uuid(id.session()).number(id.sequence()).number(id.index());
        content.write(out);
        return out.toBytes();
    }

    public static ParkedRecord fromBytes(byte[] bytes) {
        RecordReader in = new RecordReader(bytes);
        int version = in.octet();
        if (version != VERSION) {
            throw new MalformedRecordException(
                    "a parked call has format " + version + ", but this agent reads format " + VERSION);
        }
        UUID session = in.uuid();
        long sequence = in.number(Long.MAX_VALUE);
        int index = (int) in.number(EntryRecord.MOST_CALLS);
        ParkedRecord record = new ParkedRecord(new CallId(session, sequence, index), CallRecord.read(in));
        in.end();
        return record;
    }
}
