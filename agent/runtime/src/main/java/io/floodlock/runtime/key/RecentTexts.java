package io.floodlock.runtime.key;

import io.floodlock.runtime.thread.SlotTable;
import java.util.UUID;

/**
 * The texts that one key last built from some values, because a call often has the same value as an earlier call.
 * Finding a text costs less than building it, and the text's hash is already computed. Each {@link Key} has one.
 * Thread-safe.
 *
 * <p>A thread that reads an old pair builds its text again. Values are of immutable types, so equal values always have
 * equal texts, and these types belong to no application. There are 16 slots, and no key is longer than a thousand
 * characters.
 */
final class RecentTexts {

    private final SlotTable<Known> known = new SlotTable<>(16);

    private record Known(Object value, String text) {}

    static boolean suits(Object value) {
        return value instanceof String || value instanceof Long || value instanceof Integer || value instanceof UUID;
    }

    /** The text of the value; null if it is no longer stored. */
    String of(Object value) {
        Known last = known.at(value.hashCode());
        return last != null && last.value.equals(value) ? last.text : null;
    }

    void remember(Object value, String text) {
        known.put(value.hashCode(), new Known(value, text));
    }
}
