package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.store.LaneFeed;
import io.floodlock.runtime.queue.store.LaneFeed.Reading;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses from where a stream is read next. Its lanes in this JVM need not have read it equally far: one was taken
 * over, or its window was full. One read serves all lanes at its start and beyond. {@link SlotRead} has one. Not
 * thread-safe.
 *
 * <p>If the lanes have read equally far, a read waits for new entries. Otherwise reads alternate between the lane that
 * is farthest behind and the ones in front, and none of them waits, until all have caught up: so neither a large
 * backlog of one lane holds up the others, nor the other way.
 */
final class StreamReads {

    /** The lanes of one stream that want entries; at least one. */
    record Wanted(LaneFeed.Consumer consumer, int stream, List<Reading> lanes) {}

    /**
     * One read of a stream.
     *
     * @param cursor the read begins after this entry
     * @param lanes that take its entries
     * @param isHead whether no lane that wants entries has read further
     * @param waits whether it may wait for new entries
     */
    record Target(
            LaneFeed.Consumer consumer,
            int stream,
            Position cursor,
            List<LaneFeed.Reader> lanes,
            boolean isHead,
            boolean waits) {}

    /** Streams of which the last read began with the lane that is farthest behind. */
    private final Set<String> behind = new HashSet<>();

    Target next(String stream, Wanted wanted) {
        Position least = null;
        Position most = null;
        for (Reading reading : wanted.lanes()) {
            Position cursor = reading.cursor();
            least = least == null || cursor.compareTo(least) < 0 ? cursor : least;
            most = most == null || cursor.compareTo(most) > 0 ? cursor : most;
        }
        boolean level = least.equals(most);
        boolean head = level || !behind.add(stream);
        if (head) {
            behind.remove(stream);
        }
        Position cursor = head ? most : least;
        List<LaneFeed.Reader> lanes = new ArrayList<>(wanted.lanes().size());
        for (Reading reading : wanted.lanes()) {
            if (reading.cursor().compareTo(cursor) >= 0) {
                lanes.add(reading.lane());
            }
        }
        return new Target(wanted.consumer(), wanted.stream(), cursor, lanes, head, level);
    }

    /** Forgets streams that are not read any more. */
    void retain(Map<String, Wanted> wanted) {
        behind.retainAll(wanted.keySet());
    }
}
