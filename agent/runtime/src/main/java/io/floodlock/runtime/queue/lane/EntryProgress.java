package io.floodlock.runtime.queue.lane;

import io.floodlock.runtime.queue.record.Position;
import java.util.BitSet;
import java.util.UUID;

/**
 * The calls of a lane in a stream entry above the low watermark, with the set of those that have left the stream.
 * {@link Lane} keeps these entries in its window. Guarded by its consumer's lock.
 */
final class EntryProgress {

    final Position id;
    final UUID session;
    /** What the session has reached in the lane with this entry. */
    final long reached;

    /** Its calls that have ordinals. */
    final int count;

    /**
     * The calls that are repetitions: they were counted as sent, so they count as finished once low passes the entry,
     * and they never run. If only a part of the entry is a repetition, they are the first ones of {@link #count}, and
     * their bits are set from the start: low, and what the sessions have reached as of low, are stored in one change,
     * so a later owner that reads the entry again finds the same ones.
     */
    final int repeated;

    private final BitSet doneBits;
    private final LaneCall[] calls;
    private int open;

    /** The entry before it in the stream, and its place in the bytes that the owner has read; the window sets them. */
    Position before;

    long readBytes;

    /**
     * @param repeated how many of the first calls are repetitions; less than {@code count}
     * @param leftOut the calls that the store has left out: they were not counted as sent
     * @param marks the bits of the calls that have left the stream, as stored by an earlier owner; null for none
     */
    EntryProgress(Position id, UUID session, long reached, int count, int repeated, BitSet leftOut, byte[] marks) {
        this.id = id;
        this.session = session;
        this.reached = reached;
        this.count = count;
        this.repeated = repeated - leftOut.get(0, repeated).cardinality();
        this.doneBits = marks == null ? new BitSet(count) : BitSet.valueOf(marks);
        this.doneBits.clear(count, Math.max(count, this.doneBits.length()));
        this.doneBits.set(0, Math.min(count, repeated));
        this.doneBits.or(leftOut);
        this.open = count - doneBits.cardinality();
        this.calls = new LaneCall[count];
    }

    /**
     * An entry without calls to run: a repetition as a whole, or bytes of an unknown format.
     *
     * @param repeated the calls that are repeated
     */
    static EntryProgress skipped(Position id, int repeated) {
        return new EntryProgress(id, null, 0, 0, repeated, new BitSet(), null);
    }

    boolean hasLeft(int index) {
        return doneBits.get(index);
    }

    /**
     * Marks the call as no longer in the stream.
     *
     * @return whether it was in the stream before
     */
    boolean leave(int index) {
        if (doneBits.get(index)) {
            return false;
        }
        doneBits.set(index);
        calls[index] = null;
        open--;
        return true;
    }

    void hold(int index, LaneCall call) {
        calls[index] = call;
    }

    /** A call that is in the stream; null if it has left. */
    LaneCall call(int index) {
        return calls[index];
    }

    int open() {
        return open;
    }

    /** The calls that have left the stream, by index; not a copy. */
    BitSet doneBits() {
        return doneBits;
    }
}
