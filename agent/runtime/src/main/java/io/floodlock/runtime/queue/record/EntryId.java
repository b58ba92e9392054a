package io.floodlock.runtime.queue.record;

/** The id of a stream entry. It gives the entry's place, not its identity: ids can go backwards after a failover. */
public record EntryId(long millis, long sequence) implements Comparable<EntryId> {

    public static final EntryId ZERO = new EntryId(0, 0);

    /** @throws MalformedRecordException unless the text is two numbers joined by a dash */
    public static EntryId parse(String text) {
        int dash = text.indexOf('-');
        try {
            return new EntryId(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new MalformedRecordException("'" + text + "' is not a stream id", e);
        }
    }

    public EntryId next() {
        return new EntryId(millis, sequence + 1);
    }

    @Override
    public int compareTo(EntryId other) {
        int first = Long.compare(millis, other.millis);
        return first != 0 ? first : Long.compare(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return millis + "-" + sequence;
    }
}
