package io.floodlock;

/**
 * What is to be done while keys are held, with a result.
 *
 * @param <T> what it answers
 * @param <X> what it may throw, which reaches the caller unchanged
 */
@FunctionalInterface
public interface LockedCall<T, X extends Throwable> {

    /** Runs once, on the thread that asked for the keys. */
    T call() throws X;
}
