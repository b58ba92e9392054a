package io.floodlock.runtime.queue.lane;

import java.util.function.Supplier;

/**
 * The services of the consumer that a lane needs; the consumer of the queue implements it. All methods except
 * {@code locked} are called under the consumer's lock.
 */
public interface LaneHost {

    String queue();

    CrashIsolation isolation();

    long wallMillis();

    /** Runs the action under the lock after that time. */
    void later(long millis, Runnable action);

    /** Runs the action under the lock within 20 ms, together with those of other lanes. */
    void flushSoon(Runnable flush);

    /** Runs the action under the lock. An exception is logged. */
    void locked(Runnable action);

    /** Runs the action under the lock. */
    <T> T locked(Supplier<T> action);

    /** Runs the action soon on another thread, without the lock. */
    void handOff(Runnable action);

    /** The bytes of calls that a lane may hold in its window. */
    long windowShare();

    /** Calls may have become ready to run. */
    void runnable();

    /** The lane can take entries again, so the reader should include it. */
    void readable();

    /** The lane has ended. */
    void ended(int lane);

    /** A call was moved to the dead letters. */
    void dead(String name, String cause);
}
