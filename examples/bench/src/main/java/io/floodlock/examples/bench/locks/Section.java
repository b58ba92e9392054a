package io.floodlock.examples.bench.locks;

/** One lock, ready to be taken again and again, by any thread. */
@FunctionalInterface
public interface Section {

    /**
     * Takes the lock, runs the body, gives the lock back.
     *
     * @return false if the lock was refused, so that the body did not run
     */
    boolean run(Runnable body) throws Exception;
}
