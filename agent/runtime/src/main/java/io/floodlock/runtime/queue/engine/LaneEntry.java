package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.queue.record.EntryId;
import java.util.BitSet;
import java.util.UUID;

/** A stream entry above the low watermark: which of its calls have left the stream. Guarded by its consumer's lock. */
final class LaneEntry {

    final EntryId id;
    final UUID session;
    final long sequence;
    final long total;
    final int count;
    private final BitSet left;
    private int open;

    /** @param marks what an earlier owner has stored of it; null for nothing */
    LaneEntry(EntryId id, UUID session, long sequence, long total, int count, byte[] marks) {
        this.id = id;
        this.session = session;
        this.sequence = sequence;
        this.total = total;
        this.count = count;
        this.left = marks == null ? new BitSet(count) : BitSet.valueOf(marks);
        this.left.clear(count, Math.max(count, this.left.length()));
        this.open = count - left.cardinality();
    }

    /** An entry none of whose calls is to be run: a duplicate, or bytes that are none of ours. */
    static LaneEntry skipped(EntryId id) {
        return new LaneEntry(id, null, 0, 0, 0, null);
    }

    boolean hasLeft(int index) {
        return left.get(index);
    }

    /** Whether this changed anything. */
    boolean leave(int index) {
        if (left.get(index)) {
            return false;
        }
        left.set(index);
        open--;
        return true;
    }

    int open() {
        return open;
    }

    /** The calls that have left the stream, by index; not a copy. */
    BitSet left() {
        return left;
    }
}
