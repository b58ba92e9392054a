package io.floodlock.runtime.fence;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The names of keys in the table, which applications of several namespaces may share: {@code namespace:key}. What a
 * database can't keep whole, as it is too long or has a character that PostgreSQL's text refuses, is kept as its
 * beginning and a hash.
 */
final class FenceRowNames {

    /** In bytes of UTF-8; a key of MariaDB's may have 3072 bytes, one of PostgreSQL's about 2700. */
    private static final int LONGEST = 500;

    private static final int SHOWN = 60;

    private final String prefix;

    FenceRowNames(String namespace) {
        this.prefix = namespace + ":";
    }

    String of(String key) {
        String name = prefix + key;
        // no character takes more than three bytes for each of its chars
        boolean fits = name.length() * 3 <= LONGEST || name.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
        if (fits && name.indexOf('\0') < 0) {
            return name;
        }
        String begin = name.substring(0, Math.min(SHOWN, name.length())).replace('\0', '?');
        if (Character.isHighSurrogate(begin.charAt(begin.length() - 1))) {
            begin = begin.substring(0, begin.length() - 1);
        }
        return begin + "#" + hash(key);
    }

    private static String hash(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
