package io.floodlock.runtime.queue.record;

/**
 * A call that will not run again, as stored in the dead-letter stream.
 *
 * @param call the id; empty if the bytes were not a call
 * @param payload the encoded arguments, or the bytes as read
 * @param diedAt wall clock of the owner, in ms
 */
public record DeadLetter(
        String call, String name, String key, String cause, int attempts, long diedAt, byte[] payload) {

    private static final int VERSION = 1;
    private static final int LONGEST_CAUSE = 2_000;

    public byte[] toBytes() {
        String shown = cause.length() <= LONGEST_CAUSE ? cause : cause.substring(0, LONGEST_CAUSE);
        return new RecordWriter(128 + payload.length)
                .octet(VERSION)
                .text(call)
                .text(name)
                .text(key == null ? "" : key)
                .text(shown)
                .number(attempts)
                .number(diedAt)
                .bytes(payload)
                .toBytes();
    }

    static DeadLetter fromBytes(byte[] bytes) {
        RecordReader in = new RecordReader(bytes);
        int version = in.octet();
        if (version != VERSION) {
            throw new MalformedRecordException(
                    "a dead letter has format " + version + ", but this agent reads format " + VERSION);
        }
        DeadLetter letter = new DeadLetter(
                in.text(100),
                in.text(CallRecord.LONGEST_NAME),
                in.text(CallRecord.LONGEST_KEY),
                in.text(4 * LONGEST_CAUSE),
                (int) in.number(Integer.MAX_VALUE),
                in.number(Long.MAX_VALUE),
                in.bytes(Integer.MAX_VALUE - 1024));
        in.end();
        return letter;
    }
}
