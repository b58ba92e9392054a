package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.FloodlockFailure;

/**
 * Somebody who wants in: a thread that is parked, or a request that goes on elsewhere once it is told. All is decided under
 * the lock's mutex and may be read without it once {@link #ended()}.
 */
abstract class Waiter {

    /** How waiting ended; null while it lasts. Final once set. */
    enum End {
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

    final Mode mode;
    final boolean patient;
    final String who;
    final Ownership.Listener listener;

    private volatile End end;

    /** Of ENTERED. */
    Entry entry;

    /** Of REFUSED: who is inside, as far as known. */
    Holder refused;

    /** What the last request to Redis failed with, if none had been answered since when the wait ended. */
    FloodlockFailure failure;

    /** Redis had said nothing yet when the wait ended. */
    boolean unanswered;

    /** It has been left waiting, so it must be told. */
    boolean queued;

    Waiter(Mode mode, boolean patient, String who, Ownership.Listener listener) {
        this.mode = mode;
        this.patient = patient;
        this.who = who;
        this.listener = listener;
    }

    End end() {
        return end;
    }

    boolean ended() {
        return end != null;
    }

    /** Called once, under the lock's mutex. */
    void end(End how) {
        end = how;
        if (queued) {
            wake();
        }
    }

    /** Tells it that it has ended. Under the lock's mutex: must not block or take another. */
    abstract void wake();
}
