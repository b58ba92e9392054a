package io.floodlock.runtime.key;

/** Writes values so that they can be told from the text around them, whatever a user typed. */
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
     * Letters of scripts that had them all in the Unicode of JDK 17: which other characters are letters depends on the JDK, and
     * a key must be the same text in all.
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
