package io.floodlock.runtime.jdbc.driver;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A map that does not keep its keys alive, and compares them by identity. It calls no method of a key, because a key is
 * the application's and its methods may acquire locks. A value that refers to its key keeps the key alive. Thread-safe.
 */
public final class WeakIdentityMap<K, V> {

    private final ConcurrentMap<Key, V> entries = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

    /** Equal to another key of the same object; once that object is collected, equal to itself alone. */
    private static final class Key extends WeakReference<Object> {

        private final int hash;

        Key(Object key, ReferenceQueue<Object> collected) {
            super(key, collected);
            this.hash = System.identityHashCode(key);
        }

        @Override
        public boolean equals(Object other) {
            if (this == other) {
                return true;
            }
            Object key = get();
            return key != null && other instanceof Key same && same.refersTo(key);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** Null if there is none. */
    public V get(K key) {
        return entries.get(new Key(key, null));
    }

    public void put(K key, V value) {
        forgetCollected();
        entries.put(new Key(key, collected), value);
    }

    public void remove(K key) {
        forgetCollected();
        entries.remove(new Key(key, null));
    }

    /** Removes all entries with that same value object. */
    public void removeValue(V value) {
        forgetCollected();
        entries.values().removeIf(each -> each == value);
    }

    private void forgetCollected() {
        for (Reference<?> key = collected.poll(); key != null; key = collected.poll()) {
            entries.remove(key);
        }
    }
}
