package io.floodlock.runtime.queue.record;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Reads records that {@link RecordWriter} wrote. Each read first checks how many bytes are left, so that a length in
 * hostile bytes can't cause an allocation larger than the record. Not thread-safe.
 */
final class RecordReader {

    private final byte[] bytes;
    private int at;

    RecordReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws MalformedRecordException unless the next part is a number of at most {@code most} */
    long number(long most) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = octet();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                if (value < 0 || value > most) {
                    throw new MalformedRecordException(
                            "a number is " + value + ", but at most " + most + " is allowed");
                }
                return value;
            }
        }
        throw new MalformedRecordException("a number has more than nine bytes");
    }

    /** The length of the part that follows, in four bytes; the part is within the record. */
    int length() {
        need(4);
        int length = ByteBuffer.wrap(bytes, at, 4).getInt();
        at += 4;
        if (length < 0) {
            throw new MalformedRecordException("a length is " + length);
        }
        need(length);
        return length;
    }

    /** The number of bytes read so far. */
    int at() {
        return at;
    }

    void skip(int count) {
        need(count);
        at += count;
    }

    int octet() {
        need(1);
        return bytes[at++] & 0xff;
    }

    UUID uuid() {
        need(16);
        ByteBuffer in = ByteBuffer.wrap(bytes, at, 16);
        at += 16;
        return new UUID(in.getLong(), in.getLong());
    }

    String text(int longest) {
        byte[] encoded = bytes(longest);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(encoded))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedRecordException("a text is not UTF-8", e);
        }
    }

    byte[] bytes(int longest) {
        int length = (int) number(longest);
        need(length);
        byte[] out = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return out;
    }

    byte[] rest() {
        byte[] out = Arrays.copyOfRange(bytes, at, bytes.length);
        at = bytes.length;
        return out;
    }

    void end() {
        if (at != bytes.length) {
            throw new MalformedRecordException((bytes.length - at) + " bytes follow the end of the record");
        }
    }

    private void need(int count) {
        if (bytes.length - at < count) {
            throw new MalformedRecordException(
                    "the record ends after " + bytes.length + " bytes, but " + count + " more are needed");
        }
    }
}
