package io.floodlock.runtime.queue.record;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The content of one stored call: its method, key and encoded arguments. It is stored within an {@link EntryRecord} or
 * a {@link ParkedRecord}. Immutable; the methods {@code with..} return a changed copy.
 *
 * @param name of the method within its queue
 * @param key whose calls run in order; null for none
 * @param wantsResult whether a future waits for the result
 * @param replyTo the session of the JVM whose future waits; null if that is the session of the entry
 * @param due before this time it does not run, in ms since the epoch; 0 for at once
 * @param dedup what tells that it repeats another call; null if nothing does
 * @param replicas the replicas that must have it before it counts as stored
 * @param context of its caller's thread: by the carriers' names, their texts
 * @param payload the encoded arguments
 */
public record CallRecord(
        String name,
        String key,
        boolean wantsResult,
        UUID replyTo,
        long due,
        Dedup dedup,
        int replicas,
        Map<String, Map<String, String>> context,
        byte[] payload) {

    /**
     * A call with the same key in this time after this one is not stored.
     *
     * @param window in ms
     */
    public record Dedup(String key, long window) {}

    /** The longest name, in bytes. */
    public static final int LONGEST_NAME = 500;

    /** The longest key, in bytes. */
    public static final int LONGEST_KEY = 4_000;

    /** The longest encoded arguments of one call, in bytes: 1 MiB. */
    public static final int LONGEST_PAYLOAD = 1 << 20;

    /** The longest context of one call, in bytes. */
    public static final int LONGEST_CONTEXT = 8 * 1024;

    public static final int MOST_REPLICAS = 16;

    private static final int HAS_KEY = 1;
    private static final int WANTS_RESULT = 2;
    private static final int HAS_REPLY_TO = 4;
    private static final int HAS_DUE = 8;
    private static final int HAS_DEDUP = 16;
    private static final int HAS_REPLICAS = 32;
    private static final int HAS_CONTEXT = 64;
    private static final int ALL_FLAGS = 127;

    /** A call that runs at once, whose result goes to the session of its entry. */
    public CallRecord(String name, String key, boolean wantsResult, byte[] payload) {
        this(name, key, wantsResult, null, 0, null, 0, Map.of(), payload);
    }

    public CallRecord withReplyTo(UUID session) {
        return new CallRecord(name, key, wantsResult, session, due, dedup, replicas, context, payload);
    }

    public CallRecord withDue(long time) {
        return new CallRecord(name, key, wantsResult, replyTo, time, dedup, replicas, context, payload);
    }

    public CallRecord withDedup(Dedup by) {
        return new CallRecord(name, key, wantsResult, replyTo, due, by, replicas, context, payload);
    }

    public CallRecord withReplicas(int count) {
        return new CallRecord(name, key, wantsResult, replyTo, due, dedup, count, context, payload);
    }

    public CallRecord withContext(Map<String, Map<String, String>> captured) {
        return new CallRecord(name, key, wantsResult, replyTo, due, dedup, replicas, captured, payload);
    }

    /** The session of the JVM to which the result of this call goes. */
    public UUID receiver(CallId id) {
        return replyTo == null ? id.session() : replyTo;
    }

    /** What chooses its lane: calls that may repeat each other have one lane, as those of a key have. */
    public String laneKey() {
        return key == null && dedup != null ? dedup.key() : key;
    }

    void write(RecordWriter out) {
        out.text(name)
                .octet((key == null ? 0 : HAS_KEY)
                        | (wantsResult ? WANTS_RESULT : 0)
                        | (replyTo == null ? 0 : HAS_REPLY_TO)
                        | (due == 0 ? 0 : HAS_DUE)
                        | (dedup == null ? 0 : HAS_DEDUP)
                        | (replicas == 0 ? 0 : HAS_REPLICAS)
                        | (context.isEmpty() ? 0 : HAS_CONTEXT));
        if (key != null) {
            out.text(key);
        }
        if (replyTo != null) {
            out.uuid(replyTo);
        }
        if (due != 0) {
            out.number(due);
        }
        if (dedup != null) {
            out.text(dedup.key()).number(dedup.window());
        }
        if (replicas != 0) {
            out.number(replicas);
        }
        if (!context.isEmpty()) {
            writeContext(out);
        }
        out.bytes(payload);
    }

    private void writeContext(RecordWriter out) {
        out.number(context.size());
        context.forEach((carrier, texts) -> {
            out.text(carrier).number(texts.size());
            texts.forEach((name, text) -> out.text(name).text(text));
        });
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
        if ((flags & ~ALL_FLAGS) != 0) {
            throw new MalformedRecordException("a call has the unknown flags " + flags);
        }
        return new CallRecord(
                name,
                (flags & HAS_KEY) == 0 ? null : in.text(LONGEST_KEY),
                (flags & WANTS_RESULT) != 0,
                (flags & HAS_REPLY_TO) == 0 ? null : in.uuid(),
                (flags & HAS_DUE) == 0 ? 0 : in.number(Long.MAX_VALUE),
                (flags & HAS_DEDUP) == 0 ? null : new Dedup(in.text(LONGEST_KEY), in.number(Long.MAX_VALUE)),
                (flags & HAS_REPLICAS) == 0 ? 0 : (int) in.number(MOST_REPLICAS),
                (flags & HAS_CONTEXT) == 0 ? Map.of() : readContext(in),
                in.bytes(LONGEST_PAYLOAD));
    }

    private static Map<String, Map<String, String>> readContext(RecordReader in) {
        Map<String, Map<String, String>> context = new HashMap<>();
        for (long carriers = in.number(LONGEST_CONTEXT); carriers > 0; carriers--) {
            Map<String, String> texts = new HashMap<>();
            context.put(in.text(LONGEST_CONTEXT), texts);
            for (long count = in.number(LONGEST_CONTEXT); count > 0; count--) {
                texts.put(in.text(LONGEST_CONTEXT), in.text(LONGEST_CONTEXT));
            }
        }
        return context;
    }

    /** The bytes of the texts of a context. */
    public static int contextWeight(Map<String, Map<String, String>> context) {
        int bytes = 0;
        for (Map.Entry<String, Map<String, String>> carrier : context.entrySet()) {
            bytes += length(carrier.getKey());
            for (Map.Entry<String, String> text : carrier.getValue().entrySet()) {
                bytes += length(text.getKey()) + length(text.getValue());
            }
        }
        return bytes;
    }

    private static int length(String text) {
        return 2 + text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** About the number of bytes that {@link #write} adds, and no less. */
    public int weight() {
        return 16
                + 3 * name.length()
                + (key == null ? 0 : 3 * key.length())
                + (replyTo == null ? 0 : 16)
                + (due == 0 ? 0 : 9)
                + (dedup == null ? 0 : 11 + 3 * dedup.key().length())
                + (replicas == 0 ? 0 : 1)
                + (context.isEmpty() ? 0 : 4 + 4 * context.size() + contextWeight(context))
                + payload.length;
    }
}
