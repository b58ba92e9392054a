package io.floodlock;

/**
 * What is to be done while keys are held, without a result.
 *
 * @param <X> what it may throw, which reaches the caller unchanged
 */
@FunctionalInterface
public interface LockedAction<X extends Throwable> {

    /** Runs once, on the thread that asked for the keys. */
    void run() throws X;
}
