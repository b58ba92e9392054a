package io.floodlock.runtime.queue;

import io.floodlock.runtime.tx.HomeWork;
import java.time.Duration;

/**
 * The contract of the queues: stores the calls of {@code @Queued} methods durably, and runs stored calls. The call
 * layer registers each method and passes its calls to the method's {@link Site}; {@code StoredQueueEngine} implements
 * the engine, {@code QueueSite} the site. Thread-safe. Every failure is a FloodlockFailure.
 */
public interface QueueEngine extends AutoCloseable {

    /**
     * Registers a method: its calls can be stored, and this JVM consumes stored calls of its queue once an instance can
     * be resolved. A second registration of an equal method of the same class returns the same site. The engine holds
     * the site weakly: the caller must keep it as long as the class lives.
     */
    Site register(QueuedMethod method);

    /** Adds an instance that may run instance methods of its class; held weakly. */
    void constructed(Object instance);

    /** Adds a container (a Spring {@code ApplicationContext}, used by name) that resolves instances; held weakly. */
    void containerReady(Object context);

    void containerClosing(Object context);

    /**
     * Pauses a queue in all JVMs, or lets it go on.
     *
     * @param key whose calls are meant; null for all
     * @return whether that changes its state
     * @throws io.floodlock.runtime.failure.FloodlockFailure UNAVAILABLE if the store does not answer
     */
    boolean pause(String queue, String key, boolean value);

    /**
     * Gives a queue another number of lanes, 1 to 1,024. Calls that are stored run before those that are stored from
     * then on.
     *
     * @return the number before
     * @throws io.floodlock.runtime.failure.FloodlockFailure UNAVAILABLE if the store does not answer, or calls of the
     *     layout before the present one are left
     */
    int changeLanes(String queue, int lanes);

    /**
     * Waits until a queue has no unfinished call.
     *
     * @return the number of those that it has at the limit
     * @throws io.floodlock.runtime.failure.FloodlockFailure UNAVAILABLE if the store does not answer
     */
    long awaitIdle(String queue, Duration limit);

    /** Stops dispatching, lets running bodies finish for up to ten seconds, writes progress and hands lanes over. */
    @Override
    void close();

    /** One {@code @Queued} method, for woven code. */
    interface Site {

        /**
         * Stores the call, unless it is the one that a consumer makes of a stored call.
         *
         * @return null if the body must run; else a one-element array that holds the value to return (null for void)
         */
        Object enter(Object self, Object[] arguments);

        /**
         * The agent's own work in the transaction around the body that {@link #enter} let run on this thread; null if
         * there is none.
         */
        default HomeWork work() {
            return null;
        }

        /** The body has returned that value, or thrown; the transaction around it ends next. */
        default void ending(Object value, Throwable thrown) {}

        /**
         * The outcome of the call, which has run before and must not run again.
         *
         * @return an array with the value to return
         * @throws Throwable what the body has thrown
         */
        default Object[] replayed() throws Throwable {
            throw new IllegalStateException("no call is replayed");
        }

        /**
         * The body that {@link #enter} let run on this thread has returned or thrown, or could not begin after all.
         *
         * @param thrown null if it has returned
         */
        default void left(Throwable thrown) {}
    }
}
