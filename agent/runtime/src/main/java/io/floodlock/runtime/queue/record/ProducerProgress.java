package io.floodlock.runtime.queue.record;

/**
 * The progress of a producer's session in a lane.
 *
 * @param sequence of its last entry, or the number of its last call in a numbered session; an entry or call at or below
 *     it is a repetition
 * @param seenAt wall clock of the owner, in ms
 */
public record ProducerProgress(long sequence, long seenAt) {

    @Override
    public String toString() {
        return sequence + " " + seenAt;
    }

    public static ProducerProgress parse(String text) {
        String[] parts = text.split(" ");
        try {
            return new ProducerProgress(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new MalformedRecordException("'" + text + "' is not the progress of a producer", e);
        }
    }
}
