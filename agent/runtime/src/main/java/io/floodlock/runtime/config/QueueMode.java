package io.floodlock.runtime.config;

/** The role of a JVM for stored calls, {@code floodlock.queue.mode}. */
public enum QueueMode {
    /** Stores calls and runs stored calls. */
    CONSUME,
    /** Stores calls and runs none. */
    PRODUCE_ONLY,
    /** Runs bodies where they are called and stores nothing. */
    INLINE
}
