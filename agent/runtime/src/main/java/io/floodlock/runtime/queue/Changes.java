package io.floodlock.runtime.queue;

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
 * What an owner has to tell Redis of its lane, gathered until the change before it is confirmed. Later facts replace earlier
 * ones, so that a change holds each record once. Guarded by its consumer's lock.
 */
final class Changes {

    private final Map<EntryId, BitSet> marks = new LinkedHashMap<>();
    private final Set<EntryId> marksGone = new LinkedHashSet<>();
    private final Map<UUID, String> identities = new LinkedHashMap<>();
    private final Set<UUID> forgotten = new LinkedHashSet<>();
    private final Map<String, String> attempts = new LinkedHashMap<>();
    private final Set<String> attemptsGone = new LinkedHashSet<>();
    private final Map<String, byte[]> parked = new LinkedHashMap<>();
    private final Set<String> parkedGone = new LinkedHashSet<>();
    private final List<byte[]> dead = new ArrayList<>();
    private final List<Runnable> whenStored = new ArrayList<>();
    private boolean any;

    boolean isEmpty() {
        return !any;
    }

    void touch() {
        any = true;
    }

    /** @param finished the calls of the entry that have left the stream; read when the change is sent, not now */
    void marked(EntryId entry, BitSet finished) {
        marks.put(entry, finished);
        any = true;
    }

    /** The whole entry is finished; {@code stored} tells whether Redis may hold marks of it. */
    void entryGone(EntryId entry, boolean stored) {
        marks.remove(entry);
        if (stored) {
            marksGone.add(entry);
        }
        any = true;
    }

    void identity(UUID session, String text) {
        identities.put(session, text);
        forgotten.remove(session);
        any = true;
    }

    void forget(UUID session) {
        identities.remove(session);
        forgotten.add(session);
        any = true;
    }

    void attempts(CallId call, Attempts so) {
        attempts.put(call.toString(), so.toString());
        attemptsGone.remove(call.toString());
        any = true;
    }

    void attemptsGone(CallId call) {
        attempts.remove(call.toString());
        attemptsGone.add(call.toString());
        any = true;
    }

    void parked(String field, byte[] record) {
        parked.put(field, record);
        any = true;
    }

    void parkedGone(String field) {
        if (parked.remove(field) == null) {
            parkedGone.add(field);
        }
        any = true;
    }

    void dead(byte[] record) {
        dead.add(record);
        any = true;
    }

    void whenStored(Runnable action) {
        whenStored.add(action);
        any = true;
    }

    /** Entries whose marks this change stores. */
    Set<EntryId> markedEntries() {
        return marks.keySet();
    }

    List<Runnable> whenStored() {
        return whenStored;
    }

    /** The nine lists of the progress script, each with its length in front. */
    void appendTo(List<Object> arguments) {
        count(arguments, marks.size());
        marks.forEach((entry, finished) -> {
            arguments.add(utf8(entry.toString()));
            arguments.add(finished.toByteArray());
        });
        texts(arguments, marksGone);
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

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
