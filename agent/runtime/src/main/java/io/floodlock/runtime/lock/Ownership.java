package io.floodlock.runtime.lock;

/** A key that this JVM as a whole owns for long, apart from any thread: a queue's lane. Thread-safe. */
public interface Ownership {

    /** The fencing token of the grant: greater than that of every owner before. */
    long epoch();

    /** Whether the lease still stands at this moment, by the local deadline. */
    boolean held();

    /** Gives the key back; idempotent, never throws, never waits for Redis. */
    void release();

    /** Hears what becomes of an ownership, on a thread of the agent; must not block. */
    interface Listener {

        /** The lease has ended without {@link Ownership#release()}; another JVM may own the key. Called at most once. */
        void lost();

        /** Another JVM waits for the key; called at least once while one does. */
        void wanted();
    }
}
