package io.floodlock.runtime.queue;

/**
 * How far a producer's session has come in a lane.
 *
 * @param sequence of its last entry; what is at or below it is a repetition
 * @param total calls it had sent by then
 * @param seenAt wall clock of the owner, in ms
 */
record Identity(long sequence, long total, long seenAt) {

    @Override
    public String toString() {
        return sequence + " " + total + " " + seenAt;
    }

    static Identity parse(String text) {
        String[] parts = text.split(" ");
        try {
            return new Identity(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new MalformedRecordException("'" + text + "' is no identity", e);
        }
    }
}
