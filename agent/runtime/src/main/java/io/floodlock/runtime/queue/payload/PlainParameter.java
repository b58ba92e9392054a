package io.floodlock.runtime.queue.payload;

import io.floodlock.runtime.queue.record.MalformedRecordException;
import java.nio.charset.StandardCharsets;

/**
 * One parameter of the plain form: how its name and type are described before all values, and how its value is written.
 *
 * @param nullable whether an octet before the value says if there is one; false for primitives
 */
record PlainParameter(String name, PlainKind kind, boolean nullable) {

    private static final int NULLABLE = 0x40;

    /** Null if values of the type have no plain form. */
    static PlainParameter of(String name, Class<?> type) {
        PlainKind kind = PlainKind.of(type);
        return kind == null ? null : new PlainParameter(name, kind, !type.isPrimitive());
    }

    Class<?> type() {
        return kind.type(nullable);
    }

    // ---- the description ----

    int descriptionSize() {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        return 1 + PlainWriter.size(length) + length;
    }

    void describe(PlainWriter out) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        out.octet(kind.code() | (nullable ? NULLABLE : 0));
        out.number(text.length);
        out.raw(text);
    }

    static PlainParameter described(PlainReader in) {
        int code = in.octet();
        PlainKind kind = PlainKind.of(code & ~NULLABLE);
        boolean nullable = (code & NULLABLE) != 0;
        if (kind == null || kind.type(nullable) == null) {
            throw new MalformedRecordException("a parameter has the unknown type " + code);
        }
        return new PlainParameter(in.text(), kind, nullable);
    }

    // ---- the value ----

    long content(Object value) {
        return nullable && value == null ? 0 : kind.content(value);
    }

    long size(Object value, long content) {
        if (!nullable) {
            return kind.size(content);
        }
        return value == null ? 1 : 1 + kind.size(content);
    }

    void write(Object value, int content, PlainWriter out) {
        if (nullable) {
            out.octet(value == null ? 0 : 1);
            if (value == null) {
                return;
            }
        }
        kind.write(value, content, out);
    }

    Object read(PlainReader in) {
        return !nullable || in.flag() ? kind.read(in) : null;
    }
}
