package io.floodlock.runtime.time;

/** Runs things later; set by tests. */
public interface Scheduler {

    /** Runs {@code task} once, on the timer's only thread, after so many nanoseconds; it must be short and never block. */
    Task after(long nanos, Runnable task);

    /** Takes nothing new; what it has taken still runs. */
    void close();

    interface Task {

        /** It doesn't begin any more; it may be running. */
        void cancel();
    }
}
