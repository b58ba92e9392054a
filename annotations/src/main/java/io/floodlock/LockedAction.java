package io.floodlock;

/**
 * Code without a result that runs while keys are held.
 *
 * @param <X> the type of exception that the code may throw; it reaches the caller unchanged
 */
@FunctionalInterface
public interface LockedAction<X extends Throwable> {

    /** Runs once, on the thread that requested the keys. */
    void run() throws X;
}
