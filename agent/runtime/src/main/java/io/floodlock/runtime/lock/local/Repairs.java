package io.floodlock.runtime.lock.local;

/** Whether an Error has left something undone in a lock. */
final class Repairs {

    /** A field, as a thread that sets it may have no room for a call. */
    volatile boolean due;
}
