package io.floodlock.runtime.queue.lane;

import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.store.LaneSnapshot;
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
 * The part of its stream that a lane's owner has read and not finished, with the positions at its ends. Each
 * {@link Lane} has one. Guarded by its consumer's lock.
 *
 * <pre>
 *      passed | low ...... window ...... cursor | not read yet
 * </pre>
 *
 * <p>low: the lane has no work in this entry or in any entry before it; the stream is trimmed up to the least low of
 * its lanes. cursor: the last entry read. The window lies between them: entries with calls of the lane that wait, run
 * or failed. An ordinal counts the lane's calls of all entries up to a position, so it gives a call's place in the lane
 * independently of the ids that Redis assigned.
 *
 * <p>All lanes of a stream are trimmed together, so what one lane keeps of it is kept of all. The lag is what this lane
 * keeps: the bytes of the stream above low that this JVM has read for any of its lanes.
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

    /** The bytes of the stream, with all lanes, that were read for this lane. */
    private long readBytes;

    /** The bytes of the stream above the cursor that were read for other lanes, and the last of these entries. */
    private long unreadBytes;

    private Position missedTo = Position.ZERO;

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

    /** The next entry was read, of so many bytes; it becomes the cursor. */
    void read(Position entry, int length) {
        cursor = entry;
        readBytes += length;
        if (entry.compareTo(missedTo) <= 0) {
            unreadBytes = Math.max(0, unreadBytes - length);
        }
    }

    /** Adds an entry with calls of the lane, which is read next. */
    void add(EntryProgress entry) {
        entry.before = cursor;
        entry.readBytes = readBytes;
        entries.add(entry);
        open += entry.open();
        readOrdinal += entry.count;
    }

    /** An entry was read for other lanes of the stream, and not for this one. */
    void missed(Position entry, int length) {
        if (entry.compareTo(cursor) > 0 && entry.compareTo(missedTo) > 0) {
            missedTo = entry;
            unreadBytes += length;
        }
    }

    /** The bytes of the stream that this lane keeps. */
    long lag() {
        return unreadBytes + (entries.isEmpty() ? 0 : readBytes - entries.peek().readBytes);
    }

    /** The oldest entries that keep more than so many bytes of the stream. */
    List<EntryProgress> keeping(long most) {
        List<EntryProgress> out = new ArrayList<>();
        for (EntryProgress entry : entries) {
            if (unreadBytes + readBytes - entry.readBytes <= most) {
                break;
            }
            out.add(entry);
        }
        return out;
    }

    /** The calls of the lane that have not left the stream. */
    int open() {
        return open;
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

    /** Removes and returns the first entry if no call of it is in the stream any more; else null. Moves low. */
    EntryProgress advance() {
        EntryProgress head = entries.peek();
        if (head != null && head.open() == 0) {
            entries.poll();
            ordinal += head.count;
            return head;
        }
        low = head == null ? cursor : head.before;
        return null;
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
