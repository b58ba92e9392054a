package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.queue.record.Position;
import java.util.BitSet;
import java.util.UUID;

/** A stream entry above the low watermark: which of its calls have left the stream. Guarded by its consumer's lock. */
final class EntryProgress {

    final Position id;
    final UUID session;
    final long sequence;
    final long total;
    final int count;
    private final BitSet doneBits;
    private int open;

    /** @param marks what an earlier owner has stored of it; null for nothing */
    EntryProgress(Position id, UUID session, long sequence, long total, int count, byte[] marks) {
        this.id = id;
        this.session = session;
        this.sequence = sequence;
        this.total = total;
        this.count = count;
        this.doneBits = marks == null ? new BitSet(count) : BitSet.valueOf(marks);
        this.doneBits.clear(count, Math.max(count, this.doneBits.length()));
        this.open = count - doneBits.cardinality();
    }

    /** An entry none of whose calls is to be run: a duplicate, or bytes that are none of ours. */
    static EntryProgress skipped(Position id) {
        return new EntryProgress(id, null, 0, 0, 0, null);
    }

    boolean hasLeft(int index) {
        return doneBits.get(index);
    }

    /** Whether this changed anything. */
    boolean leave(int index) {
        if (doneBits.get(index)) {
            return false;
        }
        doneBits.set(index);
        open--;
        return true;
    }

    int open() {
        return open;
    }

    /** The calls that have left the stream, by index; not a copy. */
    BitSet doneBits() {
        return doneBits;
    }
}
