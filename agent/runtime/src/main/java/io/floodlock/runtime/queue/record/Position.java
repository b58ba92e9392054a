package io.floodlock.runtime.queue.record;

/** The id of a stream entry. It gives the entry's place, not its identity: ids can go backwards after a failover. */
public record Position(long millis, long sequence) implements Comparable<Position> {

    public static final Position ZERO = new Position(0, 0);

    /** @throws MalformedRecordException unless the text is two numbers joined by a dash */
    public static Position parse(String text) {
        int dash = text.indexOf('-');
        try {
            return new Position(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new MalformedRecordException("'" + text + "' is not a stream id", e);
        }
    }

    @Override
    public int compareTo(Position other) {
        int first = Long.compare(millis, other.millis);
        return first != 0 ? first : Long.compare(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return millis + "-" + sequence;
    }
}
