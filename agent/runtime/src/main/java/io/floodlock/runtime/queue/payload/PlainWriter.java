package io.floodlock.runtime.queue.payload;

/** Writes the plain form into an array of exactly its size; {@link PlainReader} reads it. Not thread-safe. */
final class PlainWriter {

    private final byte[] bytes;
    private int at;

    /** @param bytes starts with what is written already, up to {@code at} */
    PlainWriter(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    /** The bytes that a number takes. */
    static int size(long number) {
        return 1 + (63 - Long.numberOfLeadingZeros(number | 1)) / 7;
    }

    /** A varint: seven bits a byte, the lowest first; a negative number takes ten bytes. */
    void number(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
    }

    void octet(int value) {
        bytes[at++] = (byte) value;
    }

    /** The lowest bytes of a value, the highest of them first. */
    void fixed(long value, int count) {
        for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
            bytes[at++] = (byte) (value >>> shift);
        }
    }

    void raw(byte[] value) {
        System.arraycopy(value, 0, bytes, at, value.length);
        at += value.length;
    }

    /** @param length of the text in bytes, by {@link PlainText#length} */
    void text(String text, int length) {
        PlainText.write(text, length, bytes, at);
        at += length;
    }
}
