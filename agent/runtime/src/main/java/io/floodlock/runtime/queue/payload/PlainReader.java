package io.floodlock.runtime.queue.payload;

import io.floodlock.runtime.queue.record.MalformedRecordException;
import java.util.Arrays;

/**
 * Reads what {@link PlainWriter} wrote. Each read first checks how many bytes are left, so that a length in hostile
 * bytes can't cause an allocation larger than the payload. Not thread-safe.
 */
final class PlainReader {

    private final byte[] bytes;
    private int at;

    PlainReader(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    /** Any 64 bits. */
    long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = octet();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new MalformedRecordException("a number in the arguments has more than 64 bits");
    }

    /** @throws MalformedRecordException unless the next number is from 0 to {@code most} */
    long number(long most) {
        long value = number();
        if (value < 0 || value > most) {
            throw new MalformedRecordException(
                    "a number in the arguments is " + value + ", but at most " + most + " is allowed");
        }
        return value;
    }

    int octet() {
        need(1);
        return bytes[at++] & 0xff;
    }

    boolean flag() {
        int value = octet();
        if (value > 1) {
            throw new MalformedRecordException("a flag in the arguments is " + value);
        }
        return value == 1;
    }

    long fixed(int count) {
        need(count);
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | bytes[at++] & 0xff;
        }
        return value;
    }

    byte[] raw() {
        int length = length();
        byte[] out = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return out;
    }

    String text() {
        int length = length();
        String out = PlainText.read(bytes, at, length);
        if (out == null) {
            throw new MalformedRecordException("a text in the arguments is not UTF-8");
        }
        at += length;
        return out;
    }

    void end() {
        if (at != bytes.length) {
            throw new MalformedRecordException((bytes.length - at) + " bytes follow the end of the arguments");
        }
    }

    private int length() {
        int length = (int) number(Integer.MAX_VALUE);
        need(length);
        return length;
    }

    private void need(int count) {
        if (bytes.length - at < count) {
            throw new MalformedRecordException(
                    "the arguments end after " + bytes.length + " bytes, but " + count + " more are needed");
        }
    }
}
