package io.floodlock.runtime.time;

/** Runs tasks later, for the lock engine; {@link AgentScheduler} implements it, and tests replace it. Thread-safe. */
public interface Scheduler {

    /**
     * Runs {@code task} once, on the timer's only thread, after {@code nanos} nanoseconds. The task must be short and
     * never block.
     */
    Task after(long nanos, Runnable task);

    /** Accepts no new task; accepted tasks still run. */
    void close();

    interface Task {

        /** Prevents the task from beginning; it may be running already. */
        void cancel();
    }
}
