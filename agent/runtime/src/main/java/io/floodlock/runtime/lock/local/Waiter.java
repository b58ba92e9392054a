package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.HolderInfo;

/**
 * Somebody who wants in: a thread that is parked, or a request that goes on elsewhere once it is told. All is decided under
 * the lock's mutex and may be read without it once {@link #ended()}.
 */
public abstract class Waiter {

    /** How waiting ended; null while it lasts. Final once set. */
    public enum End {
        ENTERED,
        /** Another is inside and this one doesn't wait. */
        REFUSED,
        TIMED_OUT,
        /** Redis failed and this one doesn't wait. */
        FAILED,
        /** The JVM shuts down. */
        CLOSING,
        /** It doesn't want any more: interrupted or cancelled. */
        WITHDRAWN
    }

    final LockMode mode;
    final boolean waits;
    final Caller who;
    final Ownership.Listener listener;

    private volatile End end;

    /** Of ENTERED. */
    public Holding entry;

    /** Of REFUSED: who is inside, as far as known. */
    HolderInfo refused;

    /** Of REFUSED: the first of this JVM that waits before it; null if nobody does. */
    Caller ahead;

    /** What the last request to Redis failed with, if none had been answered since when the wait ended. */
    FloodlockFailure failure;

    /** Redis had said nothing yet when the wait ended. */
    boolean unanswered;

    /** It has been left waiting, so it must be told. */
    boolean queued;

    /** It has been woken to compete and hasn't gone back to sleep. Written under the mutex. */
    volatile boolean woken;

    /** When it was first woken, by nanoTime; 0 if it hasn't been. */
    long wokenNanos;

    /** For how long from then on others may pass over it. */
    long bargeNanos;

    /** How many have entered before it since. */
    int passed;

    /** It is awake and looks whether it has ended. */
    boolean present;

    /** For {@link UndeliveredWakes}. */
    volatile boolean untold;

    Waiter nextUntold;

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

    /** Called once, under the lock's mutex. */
    void end(End how) {
        end = how;
    }

    /** Whether it has a thread that can be woken before it is let in. */
    public abstract boolean competes();

    /** Tells it that it has ended or should compete. Must not block; may come late, or without a reason. */
    public abstract void wake();
}
