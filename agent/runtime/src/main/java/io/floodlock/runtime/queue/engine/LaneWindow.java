package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The part of a lane's stream that its owner has read and not finished, with the positions at its ends. Each
 * {@link Lane} has one. Guarded by its consumer's lock.
 *
 * <pre>
 *      trimmed | low ...... window ...... cursor | not read yet
 * </pre>
 *
 * <p>low: no work is left for this entry or for any entry before it; the stream is trimmed up to it. cursor: the last
 * entry read. The window lies between them: entries with calls that wait, run or failed. An ordinal counts the calls
 * of all entries up to a position, so it gives a call's place in the lane independently of the ids that Redis
 * assigned.
 */
final class LaneWindow {

    /** Most calls above low that have not left the stream. */
    static final int MOST_CALLS = 4_096;

    private final Deque<EntryProgress> entries = new ArrayDeque<>();
    private Position low = Position.ZERO;
    private Position cursor = Position.ZERO;
    private long ordinal;
    private long readOrdinal;
    private int open;

    /** The bytes of the contents of calls that have not left the stream. */
    private long bytes;

    /** Entries of which Redis holds bits. */
    private final Set<Position> storedDoneBits = new HashSet<>();

    private Map<Position, byte[]> loadedDoneBits = Map.of();

    void load(LaneSnapshot found) {
        low = found.lowWatermark();
        cursor = low;
        ordinal = found.ordinal();
        readOrdinal = ordinal;
        loadedDoneBits = new HashMap<>(found.doneBits());
        storedDoneBits.addAll(found.doneBits().keySet());
    }

    Position low() {
        return low;
    }

    Position cursor() {
        return cursor;
    }

    /** The number of calls in all entries up to low. */
    long ordinal() {
        return ordinal;
    }

    /** The number of calls in all entries read. */
    long readOrdinal() {
        return readOrdinal;
    }

    /** The bits of the entry's finished calls that an earlier owner has stored; null for none. */
    byte[] loadedDoneBits(Position entry) {
        return loadedDoneBits.remove(entry);
    }

    /** Adds the next entry, which becomes the cursor. */
    void add(EntryProgress entry) {
        cursor = entry.id;
        entries.add(entry);
        open += entry.open();
        readOrdinal += entry.count;
    }

    /** The call was read with this content. */
    void hold(CallRecord content) {
        bytes += content.weight();
    }

    /** @return whether the call was in the stream before */
    boolean leave(LaneCall call) {
        if (!call.entry.leave(call.index)) {
            return false;
        }
        open--;
        bytes -= call.content.weight();
        return true;
    }

    /** Whether no more should be read, though one call larger than the share is always read. */
    boolean isFull(long share) {
        return open >= MOST_CALLS || bytes >= share;
    }

    /** The bytes that the lane may read now. */
    long room(long share) {
        return Math.max(0, share - bytes);
    }

    /** Moves low over the first entry if no call of it is in the stream any more, and returns the entry; else null. */
    EntryProgress advance() {
        EntryProgress head = entries.peek();
        if (head == null || head.open() > 0) {
            return null;
        }
        entries.poll();
        low = head.id;
        ordinal += head.count;
        return head;
    }

    /** Whether Redis held bits of the entry, which has left the window. */
    boolean forgetDoneBits(Position entry) {
        return storedDoneBits.remove(entry);
    }

    /** Redis holds bits of these entries now. */
    void doneBitsStored(Collection<Position> marked) {
        if (marked.isEmpty()) {
            return;
        }
        for (EntryProgress entry : entries) {
            if (marked.contains(entry.id)) {
                storedDoneBits.add(entry.id);
            }
        }
    }
}
