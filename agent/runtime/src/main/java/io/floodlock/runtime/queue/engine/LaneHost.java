package io.floodlock.runtime.queue.engine;

/** What a lane needs of the consumer around it. Called under the consumer's lock, but for {@link #locked}. */
interface LaneHost {

    String queue();

    CrashIsolation isolation();

    long wallMillis();

    /** Runs the action under the lock after the time. */
    void later(long millis, Runnable action);

    /** Runs the action under the lock. */
    void locked(Runnable action);

    /** Calls may have become ready to run. */
    void runnable();

    /** The lane wants entries again. */
    void readable();

    /** The lane has ended. */
    void ended(Lane lane);

    /** A call was moved to the dead letters. */
    void dead(String name, String cause);
}
