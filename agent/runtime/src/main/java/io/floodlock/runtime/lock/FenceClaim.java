package io.floodlock.runtime.lock;

import java.time.Duration;

/**
 * What a fenced scope has a database know of one of its keys before it works there: under which token, and whose. Two with the
 * same name, token and owner are the same holder, or members of the same read phase. Thread-safe.
 */
public interface FenceClaim {

    /** The key, within the namespace. */
    String name();

    LockMode mode();

    /**
     * Greater than that of every exclusive holder before it; the same at every question. May ask Redis.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure LOCK_LOST, or UNAVAILABLE where Redis must be asked and is silent
     */
    long token();

    /** Never that of another holder, also where Redis has lost its count and gives out a token for the second time. */
    String owner();

    /** What is left of the scope's wait time. */
    Duration left();

    /** So much of it went by in the database. */
    void waited(Duration time);

    /** The call, for messages. */
    String site();

    /**
     * A database knows a greater token, or this one of another owner. If the lease stands all the same, then Redis has lost its
     * count: the next tokens of the key are greater than {@code known} when this returns, as far as Redis answers in time.
     *
     * @return whether the lease stands
     */
    boolean outgrown(long known);
}
