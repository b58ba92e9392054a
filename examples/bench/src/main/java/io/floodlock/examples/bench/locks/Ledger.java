package io.floodlock.examples.bench.locks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Pairs of counters that all JVMs of a bench map into memory, without any synchronization. An exclusive section
 * increments the first counter of its pair when it begins and the second when it ends. A lock that admits two
 * sections at once therefore loses counts, and a shared section sees two different counters if a writer is inside.
 */
public final class Ledger {

    private static final int PAIRS = 1 << 14;

    /** One cache line per pair. */
    private static final int BYTES = 64;

    private final MappedByteBuffer buffer;

    public Ledger(Path file) {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) PAIRS * BYTES);
            buffer.order(ByteOrder.nativeOrder());
        } catch (IOException e) {
            throw new UncheckedIOException("no ledger at " + file, e);
        }
    }

    public void clear() {
        for (int at = 0; at < PAIRS * BYTES; at += Long.BYTES) {
            buffer.putLong(at, 0);
        }
    }

    /** The number of exclusive sections that have run according to the ledger; -1 if the counters of a pair differ. */
    public long sections() {
        long sum = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            if (begun(pair) != ended(pair)) {
                return -1;
            }
            sum += begun(pair);
        }
        return sum;
    }

    long begun(int pair) {
        return buffer.getLong(pair * BYTES);
    }

    long ended(int pair) {
        return buffer.getLong(pair * BYTES + Long.BYTES);
    }

    void begin(int pair) {
        buffer.putLong(pair * BYTES, begun(pair) + 1);
    }

    void end(int pair) {
        buffer.putLong(pair * BYTES + Long.BYTES, ended(pair) + 1);
    }
}
