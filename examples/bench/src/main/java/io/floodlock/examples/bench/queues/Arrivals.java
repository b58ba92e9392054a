package io.floodlock.examples.bench.queues;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Counts consumed payloads. A payload that begins with a time of {@link System#nanoTime()} is timed until it arrives;
 * zero stands for no time. Thread-safe.
 */
public final class Arrivals {

    private static final long LONGEST_NANOS = 60_000_000_000L;

    private final LongAdder count = new LongAdder();
    private volatile Histogram nanos = histogram();

    /** A payload of this size that is not timed. */
    public static byte[] payload(int bytes) {
        return new byte[bytes];
    }

    /** A payload of this size that is timed from now on. */
    public static byte[] timedPayload(int bytes) {
        return ByteBuffer.allocate(bytes).putLong(System.nanoTime()).array();
    }

    public void accept(byte[] payload) {
        long sent = ByteBuffer.wrap(payload).getLong();
        if (sent != 0) {
            nanos.recordValue(Math.min(System.nanoTime() - sent, LONGEST_NANOS));
        }
        count.increment();
    }

    public long count() {
        return count.sum();
    }

    /** The times since the last call of this method. */
    public Histogram takeTimes() {
        Histogram taken = nanos;
        nanos = histogram();
        return taken;
    }

    private static Histogram histogram() {
        return new ConcurrentHistogram(LONGEST_NANOS, 3);
    }
}
