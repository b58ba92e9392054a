package io.floodlock.examples.bench.locks;

/** One lock that any thread can acquire repeatedly. */
@FunctionalInterface
public interface Section {

    /**
     * Acquires the lock, runs the body and releases the lock.
     *
     * @return false if the lock was refused, so that the body did not run
     */
    boolean run(Runnable body) throws Exception;
}
