package io.floodlock.runtime.queue.payload;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Texts in UTF-8, written into and read from a larger array without an array of their own. A surrogate without its pair
 * has no UTF-8; it is refused, never replaced.
 */
final class PlainText {

    private static final char REPLACEMENT = '\ufffd';

    private PlainText() {}

    /**
     * The bytes that a text takes; as many as it has chars if and only if it is ASCII.
     *
     * @throws IllegalArgumentException if a surrogate has no pair
     */
    static long length(String text) {
        int chars = text.length();
        int ascii = 0;
        while (ascii < chars && text.charAt(ascii) < 0x80) {
            ascii++;
        }
        long length = ascii;
        for (int i = ascii; i < chars; i++) {
            char at = text.charAt(i);
            if (at < 0x80) {
                length++;
            } else if (at < 0x800) {
                length += 2;
            } else if (!Character.isSurrogate(at)) {
                length += 3;
            } else if (Character.isHighSurrogate(at) && i + 1 < chars && Character.isLowSurrogate(text.charAt(i + 1))) {
                length += 4;
                i++;
            } else {
                throw unpaired();
            }
        }
        return length;
    }

    static IllegalArgumentException unpaired() {
        return new IllegalArgumentException("a surrogate has no pair, so it is no text");
    }

    /** @param length of the text in bytes, by {@link #length} */
    @SuppressWarnings("deprecation") // drops the upper half of each char, which is 0 in ASCII; no other copy is as fast
    static void write(String text, int length, byte[] to, int start) {
        int chars = text.length();
        if (length == chars) {
            text.getBytes(0, chars, to, start);
            return;
        }
        int at = start;
        for (int i = 0; i < chars; i++) {
            int point = text.charAt(i);
            if (point < 0x80) {
                to[at++] = (byte) point;
            } else if (point < 0x800) {
                to[at++] = (byte) (0xc0 | point >> 6);
                to[at++] = (byte) (0x80 | point & 0x3f);
            } else if (!Character.isSurrogate((char) point)) {
                to[at++] = (byte) (0xe0 | point >> 12);
                to[at++] = (byte) (0x80 | point >> 6 & 0x3f);
                to[at++] = (byte) (0x80 | point & 0x3f);
            } else {
                point = text.codePointAt(i++);
                to[at++] = (byte) (0xf0 | point >> 18);
                to[at++] = (byte) (0x80 | point >> 12 & 0x3f);
                to[at++] = (byte) (0x80 | point >> 6 & 0x3f);
                to[at++] = (byte) (0x80 | point & 0x3f);
            }
        }
    }

    /** Null if the bytes are not UTF-8. */
    static String read(byte[] from, int start, int length) {
        String text = new String(from, start, length, StandardCharsets.UTF_8);
        // what is not UTF-8 became a replacement; one may also be in the text itself
        return text.indexOf(REPLACEMENT) < 0 || isUtf8(from, start, length) ? text : null;
    }

    private static boolean isUtf8(byte[] bytes, int start, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
