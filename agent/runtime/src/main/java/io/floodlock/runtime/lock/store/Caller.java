package io.floodlock.runtime.lock.store;

/** Names the thread and call site that want or hold a key, for messages. Immutable. */
public record Caller(String thread, String site) {

    public static Caller here(String site) {
        return new Caller(Thread.currentThread().getName(), site);
    }

    @Override
    public String toString() {
        return "thread " + thread + " in " + site;
    }
}
