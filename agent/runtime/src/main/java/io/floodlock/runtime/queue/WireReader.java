package io.floodlock.runtime.queue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Reads what {@link WireWriter} wrote. Every read checks what is left first, so that a length in hostile bytes can't make it
 * allocate more than the record itself holds. Not thread-safe.
 */
final class WireReader {

    private final byte[] bytes;
    private int at;

    WireReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws MalformedRecordException unless a number of at most {@code most} follows */
    long number(long most) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = octet();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                if (value < 0 || value > most) {
                    throw new MalformedRecordException("number " + value + " where at most " + most + " is allowed");
                }
                return value;
            }
        }
        throw new MalformedRecordException("a number of more than nine bytes");
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
            throw new MalformedRecordException("a text that is not UTF-8", e);
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
            throw new MalformedRecordException((bytes.length - at) + " bytes too many");
        }
    }

    private void need(int count) {
        if (bytes.length - at < count) {
            throw new MalformedRecordException("ends after " + bytes.length + " bytes, " + count + " more expected");
        }
    }
}
