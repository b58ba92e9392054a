package io.floodlock.runtime.queue.store;

import io.floodlock.runtime.queue.record.Attempts;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * One change of a lane's stored state. The lane collects its progress in it until the previous change is confirmed,
 * and then sends it to the progress script. A later record replaces an earlier one of the same call or entry, so a
 * change holds each record once. Guarded by its consumer's lock.
 */
public final class LaneChange {

    private final Map<Position, BitSet> doneBits = new LinkedHashMap<>();
    private final Set<Position> doneBitsGone = new LinkedHashSet<>();
    private final Map<UUID, String> identities = new LinkedHashMap<>();
    private final Set<UUID> forgotten = new LinkedHashSet<>();
    private final Map<String, String> attempts = new LinkedHashMap<>();
    private final Set<String> attemptsGone = new LinkedHashSet<>();
    private final Map<String, byte[]> parked = new LinkedHashMap<>();
    private final Set<String> parkedGone = new LinkedHashSet<>();
    private final List<byte[]> dead = new ArrayList<>();
    private final List<Runnable> whenStored = new ArrayList<>();
    private boolean any;

    /** The bits as they were when the change was sealed. */
    private Map<Position, byte[]> sealedBits;

    /** Takes no more: reads the bits of entries, which go on to change. */
    public void seal() {
        sealedBits = new LinkedHashMap<>();
        doneBits.forEach((entry, finished) -> sealedBits.put(entry, finished.toByteArray()));
    }

    /** The bytes of the parked calls that it stores. */
    public long parkedBytes() {
        long bytes = 0;
        for (byte[] record : parked.values()) {
            bytes += record.length;
        }
        return bytes;
    }

    /** Whether nothing has to be sent. */
    public boolean isEmpty() {
        return !any;
    }

    /** Makes the change due to be sent even without a record, so that the lane's state is stored and compared. */
    public void touch() {
        any = true;
    }

    /** @param finished the calls of the entry that have left the stream; read when the change is sealed, not now */
    public void marked(Position entry, BitSet finished) {
        doneBits.put(entry, finished);
        any = true;
    }

    /**
     * The whole entry is finished.
     *
     * @param stored whether Redis may hold bits of it
     */
    public void entryGone(Position entry, boolean stored) {
        doneBits.remove(entry);
        if (stored) {
            doneBitsGone.add(entry);
        }
        any = true;
    }

    public void identity(UUID session, String text) {
        identities.put(session, text);
        forgotten.remove(session);
        any = true;
    }

    public void forget(UUID session) {
        identities.remove(session);
        forgotten.add(session);
        any = true;
    }

    public void attempts(CallId call, Attempts so) {
        attempts.put(call.toString(), so.toString());
        attemptsGone.remove(call.toString());
        any = true;
    }

    public void attemptsGone(CallId call) {
        attempts.remove(call.toString());
        attemptsGone.add(call.toString());
        any = true;
    }

    public void parked(String field, byte[] record) {
        parked.put(field, record);
        any = true;
    }

    public void parkedGone(String field) {
        if (parked.remove(field) == null) {
            parkedGone.add(field);
        }
        any = true;
    }

    public void dead(byte[] record) {
        dead.add(record);
        any = true;
    }

    /** Runs the action once this change is stored. */
    public void whenStored(Runnable action) {
        whenStored.add(action);
        any = true;
    }

    /** Entries whose bits this change stores. */
    public Set<Position> markedEntries() {
        return doneBits.keySet();
    }

    public List<Runnable> whenStored() {
        return whenStored;
    }

    /** Appends the nine lists of the progress script, each preceded by its length. The change is sealed. */
    public void appendTo(List<Object> arguments) {
        count(arguments, sealedBits.size());
        sealedBits.forEach((entry, finished) -> {
            arguments.add(utf8(entry.toString()));
            arguments.add(finished);
        });
        texts(arguments, doneBitsGone);
        texts(arguments, identities);
        texts(arguments, forgotten);
        texts(arguments, attempts);
        texts(arguments, attemptsGone);
        count(arguments, parked.size());
        parked.forEach((field, record) -> {
            arguments.add(utf8(field));
            arguments.add(record);
        });
        texts(arguments, parkedGone);
        count(arguments, dead.size());
        arguments.addAll(dead);
    }

    private static void texts(List<Object> arguments, Map<?, String> pairs) {
        count(arguments, pairs.size());
        pairs.forEach((name, text) -> {
            arguments.add(utf8(name.toString()));
            arguments.add(utf8(text));
        });
    }

    private static void texts(List<Object> arguments, Set<?> names) {
        count(arguments, names.size());
        names.forEach(name -> arguments.add(utf8(name.toString())));
    }

    private static void count(List<Object> arguments, int count) {
        arguments.add(utf8(Integer.toString(count)));
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
