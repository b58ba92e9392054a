package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.record.CallRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses how much one read of several streams may answer, so that the answer fits into memory. Redis takes a number of
 * entries for each stream, and no number of bytes; an entry takes from a few bytes to 1 MiB. So the choice follows from
 * what the entries of each stream have weighed. Each {@link SlotRead} has one. Not thread-safe.
 *
 * <p>A stream of which nothing is known counts as one of the largest entries. A stream that had no entry in an answer
 * was empty, so it counts less with each such answer. If the streams together exceed the budget even with one entry
 * each, a read takes a part of them, in turn.
 */
final class ReadBudget {

    /**
     * What one read asks for.
     *
     * @param count most entries of each stream
     * @param whole whether these are all streams
     */
    record Portion(Collection<String> streams, int count, boolean whole) {}

    private static final long MOST_BYTES = 16L << 20;
    private static final int PART_OF_HEAP = 32;
    private static final int MOST_ENTRIES = 64;
    private static final int LARGEST = CallRecord.LONGEST_PAYLOAD;
    private static final int SMALLEST = 4 * 1024;

    /** A usual entry takes less. Bounds the entries of a read by the budget, whatever earlier ones have weighed. */
    private static final int SURPRISE = 128 * 1024;

    private final long bytes;

    /** What an entry of the stream is expected to weigh. */
    private final Map<String, Integer> expected = new HashMap<>();

    /** The streams in the order in which reads have taken them. */
    private final Deque<String> turns = new ArrayDeque<>();

    ReadBudget() {
        this(Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
    }

    ReadBudget(long bytes) {
        this.bytes = bytes;
    }

    Portion portion(Set<String> streams) {
        expected.keySet().retainAll(streams);
        turns.removeIf(stream -> !streams.contains(stream));
        Set<String> known = new HashSet<>(turns);
        streams.stream().filter(stream -> !known.contains(stream)).forEach(turns::addFirst);
        List<String> taken = new ArrayList<>();
        long weight = 0;
        for (String stream : turns) {
            long more = expected.getOrDefault(stream, LARGEST);
            if (!taken.isEmpty() && weight + more > bytes) {
                break;
            }
            taken.add(stream);
            weight += more;
        }
        boolean whole = taken.size() == streams.size();
        if (!whole) {
            turns.removeAll(taken);
            turns.addAll(taken);
        }
        long fits = Math.min(bytes / weight, bytes / SURPRISE / taken.size());
        return new Portion(taken, (int) Math.max(1, Math.min(MOST_ENTRIES, fits)), whole);
    }

    /** @param heaviest bytes of the heaviest entry of each stream that had entries */
    void answered(Portion portion, Map<String, Integer> heaviest) {
        for (String stream : portion.streams()) {
            int before = expected.getOrDefault(stream, LARGEST);
            Integer weight = heaviest.get(stream);
            expected.put(
                    stream,
                    weight == null ? Math.max(SMALLEST, before / 4) : Math.max(SMALLEST, Math.max(weight, before / 2)));
        }
    }

    /** The answer may have been too large. */
    void failed(Portion portion) {
        portion.streams().forEach(expected::remove);
    }
}
