package io.floodlock.runtime.lock.store;

/** Where a request stands in the store's queue for its key, as of the last answer. Immutable. */
public interface QueuePlace {

    /** After how long to look again. */
    long pauseNanos();
}
