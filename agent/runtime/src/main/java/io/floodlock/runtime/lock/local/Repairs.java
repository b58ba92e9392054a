package io.floodlock.runtime.lock.local;

/**
 * Records whether a StackOverflowError or OutOfMemoryError has left something undone in any lock of a
 * {@link LockTable}; {@link LockTable#mend} repairs it.
 */
final class Repairs {

    /** A field and not a method, as the thread that sets it may have no stack for a call. */
    volatile boolean due;
}
