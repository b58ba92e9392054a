package io.floodlock.runtime.lock.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes the values that the lock scripts have stored: msgpack lists of texts, numbers and lists. It never fails on
 * bad data: a value that is absent or has another form is read as an empty list, an empty text or the number 0.
 * {@code RedisQueuePlace} uses it and then has a script run instead, which decides. Used by one thread.
 */
final class PackedFields {

    private static final int DEEPEST = 4;

    private final ByteBuffer bytes;

    private PackedFields(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    /** @param values as read; each is a {@code byte[]} or null */
    static List<?> list(List<Object> values, int index) {
        if (index < values.size() && values.get(index) instanceof byte[] packed) {
            try {
                return new PackedFields(packed).value(0) instanceof List<?> list ? list : List.of();
            } catch (BufferUnderflowException | IllegalArgumentException e) {
                return List.of();
            }
        }
        return List.of();
    }

    static String text(List<?> list, int index) {
        return index < list.size() && list.get(index) instanceof String text ? text : "";
    }

    static long number(List<?> list, int index) {
        return index < list.size() && list.get(index) instanceof Long number ? number : 0;
    }

    private Object value(int depth) {
        int type = bytes.get() & 0xff;
        if (type < 0x80) {
            return (long) type;
        }
        if (type >= 0xe0) {
            return (long) (byte) type;
        }
        if (type >= 0xa0 && type < 0xc0) {
            return text(type & 0x1f);
        }
        if (type >= 0x90 && type < 0xa0) {
            return list(type & 0x0f, depth);
        }
        return switch (type) {
            case 0xcc -> (long) (bytes.get() & 0xff);
            case 0xcd -> (long) (bytes.getShort() & 0xffff);
            case 0xce -> bytes.getInt() & 0xffffffffL;
            case 0xcf, 0xd3 -> bytes.getLong();
            case 0xd0 -> (long) bytes.get();
            case 0xd1 -> (long) bytes.getShort();
            case 0xd2 -> (long) bytes.getInt();
            case 0xca -> (long) bytes.getFloat();
            case 0xcb -> (long) bytes.getDouble();
            case 0xd9 -> text(bytes.get() & 0xff);
            case 0xda -> text(bytes.getShort() & 0xffff);
            case 0xdb -> text(bytes.getInt());
            case 0xdc -> list(bytes.getShort() & 0xffff, depth);
            default -> throw new IllegalArgumentException("msgpack type " + type);
        };
    }

    private String text(int length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private List<Object> list(int size, int depth) {
        if (depth == DEEPEST || size > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        List<Object> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(value(depth + 1));
        }
        return values;
    }
}
