package io.floodlock.runtime.lock.store;

/** Who asks, for people. */
public record Who(String thread, String site) {

    public static Who here(String site) {
        return new Who(Thread.currentThread().getName(), site);
    }

    @Override
    public String toString() {
        return "thread " + thread + " in " + site;
    }
}
