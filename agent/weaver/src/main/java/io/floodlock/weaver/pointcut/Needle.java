package io.floodlock.weaver.pointcut;

import java.nio.charset.StandardCharsets;

/**
 * A text that the constant pool of a class must contain for a pointcut to match in it. It is either a method name,
 * given by its beginning and its end, or the descriptor of an annotation. It is compared as bytes, for
 * {@link ClassSketch}. Immutable.
 */
final class Needle {

    static final int SLOTS = 256;

    private final byte[] prefix;
    private final byte[] suffix;
    private final boolean whole;

    /** Slot of the first two characters, among {@link #SLOTS}; negative if the needle doesn't give them. */
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

    /** A needle for a method name; null if the pattern matches nearly any text. */
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

    /**
     * Whether a class file encodes the text as standard UTF-8; it uses another encoding for zero and for characters
     * beyond 16 bits.
     */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == 0 || Character.isSurrogate(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Slot for the two characters at that offset. Texts with different slots begin differently; those with the same
     * slot may differ too.
     */
    static int slot(byte[] text, int at) {
        return text[at] * 31 + text[at + 1] & SLOTS - 1;
    }

    /** Whether a text may match, if these are the slots of all texts. */
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
