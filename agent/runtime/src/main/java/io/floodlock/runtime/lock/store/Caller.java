package io.floodlock.runtime.lock.store;

/** Who asks, for people. */
public record Caller(String thread, String site) {

    public static Caller here(String site) {
        return new Caller(Thread.currentThread().getName(), site);
    }

    @Override
    public String toString() {
        return "thread " + thread + " in " + site;
    }
}
