package io.floodlock.runtime.queue.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Writes the parts of stored records: varints, and texts and bytes after their length. The records of this package use
 * it; {@link RecordReader} reads its output. Not thread-safe.
 */
final class RecordWriter {

    private byte[] bytes;
    private int size;

    RecordWriter(int expected) {
        bytes = new byte[Math.max(16, expected)];
    }

    RecordWriter number(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("negative: " + value);
        }
        long rest = value;
        room(10);
        while (rest > 0x7f) {
            bytes[size++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    RecordWriter octet(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    RecordWriter uuid(UUID id) {
        return fixed(id.getMostSignificantBits()).fixed(id.getLeastSignificantBits());
    }

    private RecordWriter fixed(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    RecordWriter text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    RecordWriter bytes(byte[] value) {
        number(value.length);
        return raw(value);
    }

    /** Writes bytes without their length: the reader knows the length, or this is the last part. */
    RecordWriter raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    /**
     * Begins a part whose length is written before it, once it is known.
     *
     * @return for {@link #endLength}
     */
    int beginLength() {
        room(4);
        size += 4;
        return size;
    }

    /** Ends a part that began with {@link #beginLength}. */
    void endLength(int start) {
        int length = size - start;
        for (int i = 1; i <= 4; i++) {
            bytes[start - i] = (byte) length;
            length >>>= 8;
        }
    }

    int size() {
        return size;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}
