package io.floodlock.runtime.lock;

import java.time.Duration;

/**
 * The claim of a fenced scope for one of its keys in a database, written before the scope works there. It consists of
 * the key's name, fencing token and owner. Two claims with the same name, token and owner are of the same holder, or of
 * members of the same read phase. {@link LockEngine#claims} returns them; the fence writes them. Thread-safe.
 */
public interface FenceClaim {

    /** The name of the key, within the namespace. */
    String name();

    LockMode mode();

    /**
     * The fencing token: greater than that of every exclusive holder before, and the same at every call. May wait for
     * Redis.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure LOCK_LOST, or UNAVAILABLE if Redis must be asked and
     *     doesn't answer
     */
    long token();

    /**
     * Identifies the holder. Never equal to that of another holder, even if Redis has lost its count and gives out a
     * token twice.
     */
    String owner();

    /** The remaining part of the scope's wait time. */
    Duration left();

    /** Deducts {@code time}, spent waiting in the database, from the wait time. */
    void waited(Duration time);

    /** The call that opened the scope, for messages. */
    String site();

    /**
     * A database knows a greater token, or this token with another owner. If the lease still stands, Redis has lost
     * its count. The next tokens of the key are then greater than {@code known} when this returns, provided that
     * Redis answers in time.
     *
     * @return whether the lease stands
     */
    boolean outgrown(long known);
}
