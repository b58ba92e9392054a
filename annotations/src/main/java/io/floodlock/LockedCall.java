package io.floodlock;

/**
 * Code with a result that runs while keys are held.
 *
 * @param <T> the type of the result
 * @param <X> the type of exception that the code may throw; it reaches the caller unchanged
 */
@FunctionalInterface
public interface LockedCall<T, X extends Throwable> {

    /** Runs once, on the thread that requested the keys. */
    T call() throws X;
}
