package io.floodlock.examples.bench.locks;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * What one JVM did for a {@link Task}.
 *
 * @param sections bodies that ran
 * @param refused locks that were not given
 * @param violations sections that saw that somebody was inside who must not be
 * @param seconds from the first thread's beginning to the last one's end
 * @param perThread sections and refusals of each thread
 * @param perSecond those of all threads in each second
 * @param operations how long it took from asking for the lock to having given it back, in nanoseconds
 * @param roundTrips to a database in the meantime
 * @param waits how long it took to get the lock, where somebody else had it in the meantime
 */
public record Outcome(
        long sections,
        long refused,
        long violations,
        double seconds,
        long[] perThread,
        long[] perSecond,
        String operations,
        String waits,
        long roundTrips) {

    private static final long LONGEST_NANOS = 300_000_000_000L;

    /**
     * Each of its values is right to 1 %. With another digit those of 64 threads would take 30 MB, which every collection of
     * the JVM that is measured would copy, and its pauses be ours.
     */
    static Histogram histogram() {
        return new Histogram(LONGEST_NANOS, 2);
    }

    static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.min(nanos, LONGEST_NANOS));
    }

    static String text(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(buffer.array(), length));
    }

    /** The histogram in one of the two texts. */
    public static Histogram histogram(String text) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), LONGEST_NANOS);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
