package io.floodlock.examples.bench.locks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Pairs of counters that all JVMs of a bench map, without any synchronization: an exclusive section adds one to the first of
 * its pair as it begins and one to the second as it ends, so a lock that lets two in at once loses counts, and a shared
 * section sees a pair that differs where a writer is inside.
 */
public final class Ledger {

    private static final int PAIRS = 1 << 14;

    /** A cache line each. */
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

    /** How many exclusive sections are known to have run; -1 if a pair differs. */
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
