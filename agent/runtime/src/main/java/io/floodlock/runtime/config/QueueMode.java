package io.floodlock.runtime.config;

/** What a JVM does with stored calls. */
public enum QueueMode {
    /** Stores calls and runs stored calls. */
    CONSUME,
    /** Stores calls and runs none. */
    PRODUCE_ONLY,
    /** Runs bodies where they are called and stores nothing. */
    INLINE
}
