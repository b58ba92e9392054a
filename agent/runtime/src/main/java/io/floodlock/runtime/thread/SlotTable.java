package io.floodlock.runtime.thread;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A table of fixed size that keeps the latest value of each slot; a hash selects the slot. A caller must compare the
 * value it finds with the key it looks up, because keys of one slot replace each other's values. A write is visible to
 * other threads eventually, and completely: a thread may still read the value before it. Thread-safe, without locks.
 */
public final class SlotTable<V> {

    private final AtomicReferenceArray<V> slots;

    /** @param size the number of slots, a power of two */
    public SlotTable(int size) {
        this.slots = new AtomicReferenceArray<>(size);
    }

    /** The slot of a hash. All bits of the hash count, as those of short strings and of numbers differ in few. */
    public static int slot(int hash, int size) {
        return (hash ^ hash >>> 16 ^ hash >>> 8 ^ hash >>> 4) & size - 1;
    }

    /** The latest value of the slot; null if there is none. */
    public V at(int hash) {
        return slots.getAcquire(slot(hash, slots.length()));
    }

    public void put(int hash, V value) {
        slots.setRelease(slot(hash, slots.length()), value);
    }

    /** Empties the slot if it still has the value. */
    public void remove(int hash, V value) {
        slots.compareAndSet(slot(hash, slots.length()), value, null);
    }
}
