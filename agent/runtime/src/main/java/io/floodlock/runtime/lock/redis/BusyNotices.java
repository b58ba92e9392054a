package io.floodlock.runtime.lock.redis;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** The words of holders elsewhere that were heard last: few, as each counts for a moment only. Thread-safe. */
final class BusyNotices {

    /** A power of two. Of keys that share a place, the one that was heard of last is known. */
    private static final int PLACES = 64;

    private final AtomicReferenceArray<BusyNotice> places = new AtomicReferenceArray<>(PLACES);

    /** The word about a key that may still stand, or null. */
    BusyNotice of(String name, long nowNanos) {
        BusyNotice word = places.get(place(name));
        if (word == null || !word.name().equals(name)) {
            return null;
        }
        if (word.over(nowNanos)) {
            forget(word);
            return null;
        }
        return word;
    }

    /** @param word null for nothing */
    void learn(BusyNotice word) {
        if (word != null) {
            places.set(place(word.name()), word);
        }
    }

    void forget(BusyNotice word) {
        places.compareAndSet(place(word.name()), word, null);
    }

    private static int place(String name) {
        int hash = name.hashCode();
        return (hash ^ hash >>> 16) & PLACES - 1;
    }
}
