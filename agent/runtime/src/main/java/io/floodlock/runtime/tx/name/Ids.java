package io.floodlock.runtime.tx.name;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes ids of transactions and writes ids of databases. An id of a transaction has 128 bits: the wall clock in ms
 * (48), a number drawn at random once per JVM (48), and a sequence (32). So no id is made twice, and rows of one time
 * are neighbours in an index. Each is written as 22 characters of base64url, with the alphabet sorted so that texts
 * have the order of their bits. Thread-safe.
 */
public final class Ids {

    private static final String ALPHABET = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

    private static final long JVM = new SecureRandom().nextLong() & 0xFFFF_FFFF_FFFFL;
    private static final AtomicInteger SEQUENCE = new AtomicInteger(new SecureRandom().nextInt());

    private Ids() {}

    /** The id of a new transaction. */
    public static String next() {
        long high = System.currentTimeMillis() << 16 | JVM >>> 32;
        long low = JVM << 32 | SEQUENCE.incrementAndGet() & 0xFFFF_FFFFL;
        return write(high, low);
    }

    /** A bound: less than every id made after that time by its maker's clock, and greater than those made before. */
    public static String at(long epochMillis) {
        return write(epochMillis << 16, 0);
    }

    public static String of(UUID uuid) {
        return write(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    private static String write(long high, long low) {
        char[] text = new char[22];
        for (int i = 0; i < 22; i++) {
            // 22 digits hold 132 bits: the first takes the topmost two
            int shift = 126 - 6 * i;
            long bits = shift >= 64 ? high >>> shift - 64 : shift >= 0 ? straddle(high, low, shift) : 0;
            text[i] = ALPHABET.charAt((int) (bits & 63));
        }
        return new String(text);
    }

    private static long straddle(long high, long low, int shift) {
        long bits = low >>> shift;
        return shift > 58 ? bits | high << 64 - shift : bits;
    }

    /** Whether it has the form of an id; what is read from a database is not trusted. */
    static boolean valid(String text) {
        return text.length() == 22 && text.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
    }

    /** The id of a database that has no table of ours, from the server's identity and the database's number in it. */
    public static UUID derived(long systemIdentifier, long databaseOid) {
        return UUID.nameUUIDFromBytes(ByteBuffer.allocate(16)
                .putLong(systemIdentifier)
                .putLong(databaseOid)
                .array());
    }
}
