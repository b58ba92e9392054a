package io.floodlock.weaver.pointcut;

import java.nio.charset.StandardCharsets;

/**
 * A text that the constant pool of a class must have for a pointcut to match in it: a method's name, by how it begins and
 * ends, or an annotation's descriptor. Compared as bytes. Immutable.
 */
final class Needle {

    static final int SLOTS = 256;

    private final byte[] prefix;
    private final byte[] suffix;
    private final boolean whole;

    /** Where the first two characters stand in a set of {@link #SLOTS}; negative where they are not given. */
    private final int slot;

    private Needle(String prefix, String suffix, boolean whole) {
        this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
        this.suffix = suffix.getBytes(StandardCharsets.UTF_8);
        this.whole = whole;
        slot = this.prefix.length < 2 ? -1 : slot(this.prefix, 0);
    }

    static Needle of(String text) {
        return new Needle(text, "", true);
    }

    /** Null where nearly any text would do. */
    static Needle of(Glob name) {
        String text = name.text();
        if (!isPlain(text)) {
            return null;
        }
        if (name.isLiteral()) {
            return of(text);
        }
        String prefix = text.substring(0, text.indexOf('*'));
        String suffix = text.substring(text.lastIndexOf('*') + 1);
        return prefix.isEmpty() && suffix.isEmpty() ? null : new Needle(prefix, suffix, false);
    }

    /** Class files write a zero and what is beyond 16 bits in their own way. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == 0 || Character.isSurrogate(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** A place for the two characters there: texts at different places begin differently. */
    static int slot(byte[] text, int at) {
        return text[at] * 31 + text[at + 1] & SLOTS - 1;
    }

    /** Whether a text among those that begin at these places may match. */
    boolean mayBeAmong(boolean[] slots) {
        return slot < 0 || slots[slot];
    }

    boolean matches(byte[] file, int at, int length) {
        if (whole ? length != prefix.length : length < prefix.length + suffix.length) {
            return false;
        }
        return is(file, at, prefix) && is(file, at + length - suffix.length, suffix);
    }

    private static boolean is(byte[] file, int at, byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (file[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }
}
