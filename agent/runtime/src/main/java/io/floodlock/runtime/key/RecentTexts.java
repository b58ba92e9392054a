package io.floodlock.runtime.key;

import java.util.UUID;

/**
 * The texts that one key last built from some values, because a call often has the same value as an earlier call.
 * Finding a text costs less than building it, and the text's hash is already computed. Each {@link Key} has one.
 * Thread-safe.
 *
 * <p>Each slot is an immutable pair that is written and read without synchronization: a thread that reads an old pair
 * builds its text again. Values are of immutable types, so equal values always have equal texts, and these types
 * belong to no application. There are 16 slots, and no key is longer than a thousand characters.
 */
final class RecentTexts {

    private static final int SLOTS = 16;

    private final Known[] slots = new Known[SLOTS];

    private record Known(Object value, String text) {}

    static boolean suits(Object value) {
        return value instanceof String || value instanceof Long || value instanceof Integer || value instanceof UUID;
    }

    /** The text of the value; null if it is no longer stored. */
    String of(Object value) {
        Known known = slots[slot(value)];
        return known != null && known.value.equals(value) ? known.text : null;
    }

    void remember(Object value, String text) {
        slots[slot(value)] = new Known(value, text);
    }

    private static int slot(Object value) {
        int hash = value.hashCode();
        return (hash ^ hash >>> 16 ^ hash >>> 8 ^ hash >>> 4) & SLOTS - 1;
    }
}
