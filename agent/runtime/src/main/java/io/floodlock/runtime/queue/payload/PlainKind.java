package io.floodlock.runtime.queue.payload;

import io.floodlock.runtime.queue.record.MalformedRecordException;

/**
 * The types whose values have a plain form, without Jackson: texts, byte arrays, primitives and their boxes. Null is
 * not among the values; {@link PlainParameter} writes it.
 */
enum PlainKind {
    BOOLEAN(1, boolean.class, Boolean.class) {
        @Override
        long content(Object value) {
            return 1;
        }

        @Override
        void write(Object value, int content, PlainWriter out) {
            out.octet((Boolean) value ? 1 : 0);
        }

        @Override
        Object read(PlainReader in) {
            return in.flag();
        }
    },

    BYTE(2, byte.class, Byte.class) {
        @Override
        long content(Object value) {
            return 1;
        }

        @Override
        void write(Object value, int content, PlainWriter out) {
            out.octet((Byte) value);
        }

        @Override
        Object read(PlainReader in) {
            return (byte) in.octet();
        }
    },

    SHORT(3, short.class, Short.class) {
        @Override
        long content(Object value) {
            return Short.BYTES;
        }

        @Override
        void write(Object value, int content, PlainWriter out) {
            out.fixed((Short) value, Short.BYTES);
        }

        @Override
        Object read(PlainReader in) {
            return (short) in.fixed(Short.BYTES);
        }
    },

    /** A surrogate alone is refused, as in a text: other versions may read a char as a text. */
    CHAR(4, char.class, Character.class) {
        @Override
        long content(Object value) {
            if (Character.isSurrogate((Character) value)) {
                throw PlainText.unpaired();
            }
            return Character.BYTES;
        }

        @Override
        void write(Object value, int content, PlainWriter out) {
            out.fixed((Character) value, Character.BYTES);
        }

        @Override
        Object read(PlainReader in) {
            char value = (char) in.fixed(Character.BYTES);
            if (Character.isSurrogate(value)) {
                throw new MalformedRecordException("a char in the arguments is a surrogate without its pair");
            }
            return value;
        }
    },

    INT(5, int.class, Integer.class) {
        @Override
        long content(Object value) {
            return PlainWriter.size(folded((Integer) value));
        }

        @Override
        void write(Object value, int content, PlainWriter out) {
            out.number(folded((Integer) value));
        }

        @Override
        Object read(PlainReader in) {
            return (int) unfolded(in.number(0xffff_ffffL));
        }
    },

    LONG(6, long.class, Long.class) {
        @Override
        long content(Object value) {
            return PlainWriter.size(folded((Long) value));
        }

        @Override
        void write(Object value, int content, PlainWriter out) {
            out.number(folded((Long) value));
        }

        @Override
        Object read(PlainReader in) {
            return unfolded(in.number());
        }
    },

    FLOAT(7, float.class, Float.class) {
        @Override
        long content(Object value) {
            return Float.BYTES;
        }

        @Override
        void write(Object value, int content, PlainWriter out) {
            out.fixed(Float.floatToRawIntBits((Float) value), Float.BYTES);
        }

        @Override
        Object read(PlainReader in) {
            return Float.intBitsToFloat((int) in.fixed(Float.BYTES));
        }
    },

    DOUBLE(8, double.class, Double.class) {
        @Override
        long content(Object value) {
            return Double.BYTES;
        }

        @Override
        void write(Object value, int content, PlainWriter out) {
            out.fixed(Double.doubleToRawLongBits((Double) value), Double.BYTES);
        }

        @Override
        Object read(PlainReader in) {
            return Double.longBitsToDouble(in.fixed(Double.BYTES));
        }
    },

    TEXT(9, null, String.class) {
        @Override
        long content(Object value) {
            return PlainText.length((String) value);
        }

        @Override
        void write(Object value, int content, PlainWriter out) {
            out.number(content);
            out.text((String) value, content);
        }

        @Override
        Object read(PlainReader in) {
            return in.text();
        }
    },

    BYTES(10, null, byte[].class) {
        @Override
        long content(Object value) {
            return ((byte[]) value).length;
        }

        @Override
        void write(Object value, int content, PlainWriter out) {
            out.number(content);
            out.raw((byte[]) value);
        }

        @Override
        Object read(PlainReader in) {
            return in.raw();
        }
    };

    private static final PlainKind[] ALL = values();

    private final int code;
    private final Class<?> primitive;
    private final Class<?> reference;

    /**
     * @param code is stored, so it never changes its meaning
     * @param primitive null if there is none
     */
    PlainKind(int code, Class<?> primitive, Class<?> reference) {
        this.code = code;
        this.primitive = primitive;
        this.reference = reference;
    }

    /** Null if values of the type have no plain form. */
    static PlainKind of(Class<?> type) {
        for (PlainKind kind : ALL) {
            if (kind.primitive == type || kind.reference == type) {
                return kind;
            }
        }
        return null;
    }

    /** Null if there is no such code. */
    static PlainKind of(int code) {
        for (PlainKind kind : ALL) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }

    int code() {
        return code;
    }

    Class<?> type(boolean nullable) {
        return nullable ? reference : primitive;
    }

    /** The bytes of a value, without its length where that is written too. */
    abstract long content(Object value);

    final long size(long content) {
        return this == TEXT || this == BYTES ? PlainWriter.size(content) + content : content;
    }

    /** @param content by {@link #content}, as to measure a text takes as long as to copy it */
    abstract void write(Object value, int content, PlainWriter out);

    abstract Object read(PlainReader in);

    /** Gives numbers near 0 few bits, whatever their sign. */
    private static long folded(long value) {
        return value << 1 ^ value >> 63;
    }

    private static long unfolded(long value) {
        return value >>> 1 ^ -(value & 1);
    }
}
