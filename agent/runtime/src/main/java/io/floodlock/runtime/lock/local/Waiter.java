package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.HolderInfo;

/**
 * A scope's attempt to get one key: a parked thread ({@link ThreadWaiter}), or an asynchronous acquisition that
 * continues after its wake-up. The {@link Arbiter} ends it exactly once, under the lock's mutex. Its fields may be
 * read without the mutex once {@link #ended()}.
 */
public abstract class Waiter {

    /** How waiting ended; null while it lasts. Final once set. */
    public enum End {
        ENTERED,
        /** Another scope or JVM uses the key and this waiter doesn't wait. */
        REFUSED,
        TIMED_OUT,
        /** Redis failed and this waiter doesn't wait; or an Error made the lock start over. */
        FAILED,
        /** The JVM shuts down. */
        CLOSING,
        /** The waiter has given up: it was interrupted or cancelled. */
        WITHDRAWN
    }

    final LockMode mode;
    final boolean waits;
    final Caller who;
    final Ownership.Listener listener;

    private volatile End end;

    /** Of ENTERED: the holding. */
    public Holding entry;

    /** Of REFUSED: the holder, as far as known. */
    HolderInfo refused;

    /** Of REFUSED: the first caller of this JVM before it; null if there is none. */
    Caller ahead;

    /** Why the last request to Redis failed; null if one was answered since, before the wait ended. */
    FloodlockFailure failure;

    /** Redis had not answered when the wait ended. */
    boolean unanswered;

    /** It was left in the queue, so it must be woken when it ends. */
    boolean queued;

    /** It has been woken to compete and hasn't gone back to sleep. Written under the mutex. */
    volatile boolean woken;

    /** Time of its first wake-up, by nanoTime; 0 before. */
    long wokenNanos;

    /** For how many nanoseconds after the first wake-up others may pass over it. */
    long bargeNanos;

    /** How many have passed over it since its first wake-up. */
    int passed;

    /** It is awake and checks whether it has ended. */
    boolean present;

    /** It is in the list of {@link UndeliveredWakes}. */
    volatile boolean wakeUndelivered;

    Waiter nextUndelivered;

    public Waiter(LockMode mode, boolean patient, Caller who, Ownership.Listener listener) {
        this.mode = mode;
        this.waits = patient;
        this.who = who;
        this.listener = listener;
    }

    public End end() {
        return end;
    }

    public Holding entry() {
        return entry;
    }

    public HolderInfo refused() {
        return refused;
    }

    public Caller ahead() {
        return ahead;
    }

    public FloodlockFailure failure() {
        return failure;
    }

    public boolean unanswered() {
        return unanswered;
    }

    public boolean ended() {
        return end != null;
    }

    /** Ends it. Called once, under the lock's mutex. */
    void end(End how) {
        end = how;
    }

    /** Whether it has a thread that can be woken before it is admitted. */
    public abstract boolean competes();

    /** Wakes it, as it has ended or should compete. Must not block. May be called late or without a reason. */
    public abstract void wake();
}
