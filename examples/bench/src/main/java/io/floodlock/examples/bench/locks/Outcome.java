package io.floodlock.examples.bench.locks;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * The result of a {@link Task} in one JVM.
 *
 * @param sections bodies that ran
 * @param refused locks that were refused
 * @param violations sections that observed another section that the lock must exclude
 * @param seconds from the start of the first thread to the end of the last one
 * @param perThread sections and refusals of each thread
 * @param perSecond sections and refusals of all threads in each second
 * @param operations the time from the request for the lock to the end of its release, in nanoseconds; a histogram as
 *     text
 * @param waits the time from the request to the acquisition, in nanoseconds, if another thread had the lock in
 *     between; a histogram as text
 * @param roundTrips to a database in the meantime
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
     * Values are exact to 1 %. With one more digit the histograms of 64 threads would take 30 MB. Every garbage
     * collection of the measured JVM would copy them, and its pauses would appear in our figures.
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

    /** Decodes {@link #operations} or {@link #waits}. */
    public static Histogram histogram(String text) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), LONGEST_NANOS);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
