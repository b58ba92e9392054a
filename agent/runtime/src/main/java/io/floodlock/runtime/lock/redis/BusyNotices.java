package io.floodlock.runtime.lock.redis;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The latest busy notices of holders in other JVMs, in a table of 64 slots. The table is small because each notice is
 * valid for a moment only. A key whose slot another key has taken is not found, and costs a script call only.
 * {@code RedisBucket} uses it. Thread-safe.
 */
final class BusyNotices {

    /** A power of two. Of the keys that share a slot, only the latest notice is kept. */
    private static final int PLACES = 64;

    private final AtomicReferenceArray<BusyNotice> places = new AtomicReferenceArray<>(PLACES);

    /** The notice about a key that has not expired by this JVM's clock; null if there is none. */
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

    /** @param word the notice; null is ignored */
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
