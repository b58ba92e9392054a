package io.floodlock.runtime.lock;

/**
 * A key that this JVM as a whole owns for long, apart from any thread: the key of a queue's lane.
 * {@link LockEngine#tryOwn} returns it. Thread-safe.
 */
public interface Ownership {

    /** The fencing token of the grant: greater than that of every earlier owner. */
    long epoch();

    /** Whether the lease stands at this moment, by the local deadline. */
    boolean held();

    /**
     * Makes the epochs of later owners, of this key and of others, greater than {@code known}, which a database has
     * kept and Redis has lost. Never waits for Redis.
     */
    void outgrown(long known);

    /** Gives the key back; idempotent, never throws, never waits for Redis. */
    void release();

    /** Is informed of changes of an ownership, on a thread of the agent; must not block. */
    interface Listener {

        /**
         * The lease has ended without {@link Ownership#release()}; another JVM may own the key. Called at most once.
         */
        void lost();

        /** Another JVM waits for the key; called at least once while one does. */
        void wanted();
    }
}
