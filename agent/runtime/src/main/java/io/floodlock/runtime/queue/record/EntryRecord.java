package io.floodlock.runtime.queue.record;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import java.util.function.IntPredicate;

/**
 * The content of one stream entry: calls of one producer, grouped by lane. Packing lets a queue store more calls per
 * second than Redis stores entries. A reader decodes the sections of its own lanes and skips the others by their
 * length. The entry has a single field, whose name is the version of the format.
 *
 * <p>Most sessions are those of JVMs: the entry has a sequence, and is sent again as the same bytes. A <b>numbered</b>
 * session, whose UUID has version 3, is that of a source of calls that have numbers of their own, such as the rows of a
 * table. Its calls may be sent again in other entries, so each is identified by its number, whatever entry it is in.
 *
 * @param sequence of the entry; in a numbered session the number of its first call. The calls that follow it, in all
 *     sections in their order, have the numbers that follow
 * @param sections of different lanes; after reading, those that the reader wanted
 * @param leftOut by their indexes, the calls that the store has left out as they repeat earlier ones; not a copy
 */
public record EntryRecord(UUID session, long sequence, List<Section> sections, BitSet leftOut) {

    /** The field that holds an entry of this format. */
    public static final String VERSION = "4";

    public static final int MOST_CALLS = 256;

    /** A larger call has an entry of its own, up to {@link CallRecord#LONGEST_PAYLOAD}. */
    public static final int FULL_AT_BYTES = 64 * 1024;

    private static final int MOST_LANE = 1 << 16;
    private static final int NAME_BASED = 3;

    /**
     * The calls of one lane.
     *
     * @param first the number of calls in earlier sections, so the index of the first call in the entry
     */
    public record Section(int lane, int first, List<CallRecord> calls) {

        public Section {
            calls = List.copyOf(calls);
        }
    }

    public EntryRecord {
        sections = List.copyOf(sections);
    }

    /** An entry as it is sent. */
    public EntryRecord(UUID session, long sequence, List<Section> sections) {
        this(session, sequence, sections, new BitSet());
    }

    /** Whether the calls of the session have numbers of their own. */
    public static boolean isNumbered(UUID session) {
        return session.version() == NAME_BASED;
    }

    public boolean isNumbered() {
        return isNumbered(session);
    }

    /** @param index of the call in the entry, counted over all sections */
    public CallId id(int index) {
        return isNumbered() ? new CallId(session, sequence + index, 0) : new CallId(session, sequence, index);
    }

    /** What the session has reached in the lane of the section: the number of its last call, or the sequence. */
    public long reached(Section section) {
        return isNumbered() ? sequence + section.first() + section.calls().size() - 1 : sequence;
    }

    /** How many of the section's calls, from the first one on, are at or below what the session has reached. */
    public int repeated(Section section, long reached) {
        int count = section.calls().size();
        if (!isNumbered()) {
            return sequence <= reached ? count : 0;
        }
        return (int) Math.max(0, 1 + Math.min(count - 1L, reached - sequence - section.first()));
    }

    /** The calls of the section that were left out, by their places in it. */
    public BitSet leftOut(Section section) {
        return leftOut.get(section.first(), section.first() + section.calls().size());
    }

    /** The section of the lane; null if it has none. */
    public Section section(int lane) {
        for (Section section : sections) {
            if (section.lane() == lane) {
                return section;
            }
        }
        return null;
    }

    public byte[] toBytes() {
        int expected = 64;
        for (Section section : sections) {
            expected += 12;
            for (CallRecord call : section.calls()) {
                expected += call.weight();
            }
        }
        RecordWriter out = new RecordWriter(expected);
        out.uuid(session).number(sequence).number(sections.size());
        for (Section section : sections) {
            out.number(section.lane()).number(section.calls().size());
            int start = out.beginLength();
            for (CallRecord call : section.calls()) {
                call.write(out);
            }
            out.endLength(start);
        }
        return out.toBytes();
    }

    /**
     * @param wanted the lanes whose sections are read
     * @throws MalformedRecordException unless the bytes are exactly one entry; a section that is not wanted may hold
     *     anything
     */
    public static EntryRecord fromBytes(byte[] bytes, IntPredicate wanted) {
        RecordReader in = new RecordReader(bytes);
        UUID session = in.uuid();
        long sequence = in.number(isNumbered(session) ? Long.MAX_VALUE - MOST_CALLS : Long.MAX_VALUE);
        int count = (int) in.number(MOST_CALLS);
        List<Section> sections = new ArrayList<>(Math.min(count, 16));
        int first = 0;
        for (int i = 0; i < count; i++) {
            int lane = (int) in.number(MOST_LANE);
            int calls = (int) in.number(MOST_CALLS - first);
            int length = in.length();
            if (wanted.test(lane)) {
                int end = in.at() + length;
                List<CallRecord> read = new ArrayList<>(calls);
                for (int call = 0; call < calls; call++) {
                    read.add(CallRecord.read(in));
                }
                if (in.at() != end) {
                    throw new MalformedRecordException("the calls of a lane end at another place than stated");
                }
                sections.add(new Section(lane, first, read));
            } else {
                in.skip(length);
            }
            first += calls;
        }
        return new EntryRecord(session, sequence, sections, leftOut(in.rest(), first));
    }

    /** The script that stores an entry appends the index of each call that it leaves out, in a byte. */
    private static BitSet leftOut(byte[] indexes, int calls) {
        BitSet out = new BitSet();
        int next = 0;
        for (byte one : indexes) {
            int index = one & 0xff;
            if (index < next || index >= calls) {
                throw new MalformedRecordException("the bytes after the calls are no indexes of calls");
            }
            out.set(index);
            next = index + 1;
        }
        return out;
    }
}
