package io.floodlock.runtime.queue;

/** Durable calls. Thread-safe. Every failure is a FloodlockFailure. */
public interface QueueEngine extends AutoCloseable {

    /**
     * Makes a method known: its calls can be stored, and stored calls of its queue are consumed here once an instance can be
     * resolved. Registering an equal method of the same class again answers the same site. The engine holds the site weakly:
     * whoever registers keeps it as long as the class lives.
     */
    Site register(QueuedMethod method);

    /** An instance that may run instance methods of its class; held weakly. */
    void constructed(Object instance);

    /** A container (a Spring {@code ApplicationContext}, met by name) that resolves instances; held weakly. */
    void containerReady(Object context);

    void containerClosing(Object context);

    /** Stops dispatching, lets running bodies finish for up to ten seconds, writes progress and hands lanes over. */
    @Override
    void close();

    /** One {@code @Queued} method as woven code calls it. */
    interface Site {

        /**
         * Null if the consumer is making exactly this call on this thread, so that the body must run; else the call has been
         * stored, and a one-element array holds what to return (null for void).
         */
        Object enter(Object self, Object[] arguments);
    }
}
