package io.floodlock.runtime.queue.record;

import java.util.UUID;

/**
 * The content of one stored call: its method, key and encoded arguments. It is stored within an {@link EntryRecord} or
 * a {@link ParkedRecord}.
 *
 * @param name of the method within its queue
 * @param key whose calls run in order; null for none
 * @param wantsResult whether a future waits for the result
 * @param replyTo the session of the JVM whose future waits; null if that is the session of the entry
 * @param due before this time it does not run, in ms since the epoch; 0 for at once
 * @param payload the encoded arguments
 */
public record CallRecord(String name, String key, boolean wantsResult, UUID replyTo, long due, byte[] payload) {

    /** The longest name, in bytes. */
    public static final int LONGEST_NAME = 500;

    /** The longest key, in bytes. */
    public static final int LONGEST_KEY = 4_000;

    /** The longest encoded arguments of one call, in bytes: 1 MiB. */
    public static final int LONGEST_PAYLOAD = 1 << 20;

    private static final int HAS_KEY = 1;
    private static final int WANTS_RESULT = 2;
    private static final int HAS_REPLY_TO = 4;
    private static final int HAS_DUE = 8;

    /** A call whose result goes to the session of its entry. */
    public CallRecord(String name, String key, boolean wantsResult, byte[] payload) {
        this(name, key, wantsResult, null, 0, payload);
    }

    /** A call that runs at once. */
    public CallRecord(String name, String key, boolean wantsResult, UUID replyTo, byte[] payload) {
        this(name, key, wantsResult, replyTo, 0, payload);
    }

    /** The session of the JVM to which the result of this call goes. */
    public UUID receiver(CallId id) {
        return replyTo == null ? id.session() : replyTo;
    }

    void write(RecordWriter out) {
        out.text(name)
                .octet((key == null ? 0 : HAS_KEY)
                        | (wantsResult ? WANTS_RESULT : 0)
                        | (replyTo == null ? 0 : HAS_REPLY_TO)
                        | (due == 0 ? 0 : HAS_DUE));
        if (key != null) {
            out.text(key);
        }
        if (replyTo != null) {
            out.uuid(replyTo);
        }
        if (due != 0) {
            out.number(due);
        }
        out.bytes(payload);
    }

    /** The call alone, as an outbox keeps it. */
    public byte[] toBytes() {
        RecordWriter out = new RecordWriter(weight());
        write(out);
        return out.toBytes();
    }

    /** @throws MalformedRecordException unless the bytes are exactly one call */
    public static CallRecord fromBytes(byte[] bytes) {
        RecordReader in = new RecordReader(bytes);
        CallRecord call = read(in);
        in.end();
        return call;
    }

    static CallRecord read(RecordReader in) {
        String name = in.text(LONGEST_NAME);
        int flags = in.octet();
        if ((flags & ~(HAS_KEY | WANTS_RESULT | HAS_REPLY_TO | HAS_DUE)) != 0) {
            throw new MalformedRecordException("a call has the unknown flags " + flags);
        }
        String key = (flags & HAS_KEY) == 0 ? null : in.text(LONGEST_KEY);
        UUID replyTo = (flags & HAS_REPLY_TO) == 0 ? null : in.uuid();
        long due = (flags & HAS_DUE) == 0 ? 0 : in.number(Long.MAX_VALUE);
        return new CallRecord(name, key, (flags & WANTS_RESULT) != 0, replyTo, due, in.bytes(LONGEST_PAYLOAD));
    }

    /** An upper bound of the number of bytes that {@link #write} adds. */
    public int weight() {
        return 16
                + 3 * name.length()
                + (key == null ? 0 : 3 * key.length())
                + (replyTo == null ? 0 : 16)
                + (due == 0 ? 0 : 9)
                + payload.length;
    }
}
