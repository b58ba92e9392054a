package io.floodlock.runtime.fence;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Maps each key to the name of its row: {@code namespace:key}, because applications of several namespaces may share the
 * table. A name that a database can't store whole is stored as its beginning and a hash. Such a name is too long, or
 * has a character that PostgreSQL's text type refuses.
 */
final class FenceRowNames {

    /** In bytes of UTF-8. A key of MariaDB may have 3072 bytes, a key of PostgreSQL about 2700. */
    private static final int LONGEST = 500;

    private static final int SHOWN = 60;

    private final String prefix;

    FenceRowNames(String namespace) {
        this.prefix = namespace + ":";
    }

    String of(String key) {
        String name = prefix + key;
        // UTF-8 needs at most three bytes for each char
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
