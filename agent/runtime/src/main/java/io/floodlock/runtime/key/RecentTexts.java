package io.floodlock.runtime.key;

import java.util.UUID;

/**
 * The texts last built from some values by one key, as a call often has the value of a call before it: to find a text costs
 * less than to build it, and its hash is known. Thread-safe.
 *
 * <p>Each slot is an immutable pair, put in and read without any order: who sees an old one builds its text again. Values are
 * of types that can't change, so that equal ones always have equal text, and that belong to no application. There are few
 * slots, and no key is longer than a thousand characters.
 */
final class RecentTexts {

    private static final int SLOTS = 16;

    private final Known[] slots = new Known[SLOTS];

    private record Known(Object value, String text) {}

    static boolean suits(Object value) {
        return value instanceof String || value instanceof Long || value instanceof Integer || value instanceof UUID;
    }

    /** Null if it isn't known any more. */
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
