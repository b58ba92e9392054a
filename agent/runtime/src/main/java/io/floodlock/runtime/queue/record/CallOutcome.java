package io.floodlock.runtime.queue.record;

/**
 * The end of a call, in the form that is sent to the JVM that made the call: a value, an exception of the body, or a
 * dead letter. {@code ResultSender} stores it, {@code ResultReceiver} reads it.
 */
public record CallOutcome(Kind kind, byte[] value, String className, String message) {

    public enum Kind {
        VALUE,
        /** The body threw. */
        THROWN,
        /** The call was dead-lettered without an exception of the body. */
        DEAD
    }

    private static final int VERSION = 1;
    private static final int LONGEST_MESSAGE = 8_000;

    public static CallOutcome value(byte[] encoded) {
        return new CallOutcome(Kind.VALUE, encoded, "", "");
    }

    /** @param message may be null */
    public static CallOutcome thrown(String className, String message) {
        return new CallOutcome(Kind.THROWN, new byte[0], className, message);
    }

    public static CallOutcome dead(String cause) {
        return new CallOutcome(Kind.DEAD, new byte[0], "", cause);
    }

    public byte[] toBytes() {
        String shown = message == null || message.length() <= LONGEST_MESSAGE
                ? message
                : message.substring(0, LONGEST_MESSAGE) + "..";
        RecordWriter out = new RecordWriter(64 + value.length)
                .octet(VERSION)
                .octet(kind.ordinal())
                .text(className)
                .octet(shown == null ? 0 : 1)
                .text(shown == null ? "" : shown);
        return out.raw(value).toBytes();
    }

    /** @throws MalformedRecordException if the bytes are not an outcome */
    public static CallOutcome fromBytes(byte[] bytes) {
        RecordReader in = new RecordReader(bytes);
        int version = in.octet();
        if (version != VERSION) {
            throw new MalformedRecordException(
                    "a result has format " + version + ", but this agent reads format " + VERSION);
        }
        int kind = in.octet();
        if (kind >= Kind.values().length) {
            throw new MalformedRecordException("a result has the unknown kind " + kind);
        }
        String className = in.text(1_000);
        boolean hasMessage = in.octet() == 1;
        String message = in.text(4 * LONGEST_MESSAGE);
        return new CallOutcome(Kind.values()[kind], in.rest(), className, hasMessage ? message : null);
    }
}
