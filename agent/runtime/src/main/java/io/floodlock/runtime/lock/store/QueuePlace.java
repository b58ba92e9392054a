package io.floodlock.runtime.lock.store;

/** The place of a request in the store's queue for its key, as of the last answer. Immutable. */
public interface QueuePlace {

    /** After how many nanoseconds to look it up again. */
    long pauseNanos();
}
