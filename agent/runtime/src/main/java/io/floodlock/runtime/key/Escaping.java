package io.floodlock.runtime.key;

/**
 * Escapes values, so that they can be distinguished from the text around them, whatever characters a user's input
 * contains. Letters, digits, {@code _} and {@code -} are kept, of other alphabets only letters that every supported
 * JDK knows. Any other character becomes {@code %} or {@code %u} and its code.
 */
final class Escaping {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private Escaping() {}

    static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '_'
                || c == '-'
                || c > 127 && isOldLetter(c);
    }

    /**
     * Letters of scripts whose letters were all in the Unicode version of JDK 17. Whether other characters are
     * letters depends on the JDK, and a key must have the same text on every JDK.
     */
    private static boolean isOldLetter(char c) {
        return (c >= '\u00C0' && c <= '\u024F'
                        || c >= '\u0388' && c <= '\u03FF'
                        || c >= '\u0400' && c <= '\u052F'
                        || c >= '\u3041' && c <= '\u30FF'
                        || c >= '\u4E00' && c <= '\u9FEF'
                        || c >= '\uAC00' && c <= '\uD7A3')
                && Character.isLetterOrDigit(c);
    }

    static void append(StringBuilder out, CharSequence value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isPlain(c)) {
                out.append(c);
            } else if (c < 128) {
                out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            } else {
                out.append("%u")
                        .append(HEX[c >> 12])
                        .append(HEX[c >> 8 & 15])
                        .append(HEX[c >> 4 & 15])
                        .append(HEX[c & 15]);
            }
        }
    }
}
