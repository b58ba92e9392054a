package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.util.concurrent.locks.LockSupport;

/** A thread that wants in. Fields are guarded by the lock's mutex, but {@code entry} and {@code refused} may be read without. */
final class Waiter {

    final Thread thread = Thread.currentThread();
    final Mode mode;
    final boolean patient;
    final String who;
    final Ownership.Listener listener;

    volatile Entry entry;

    /** Redis says that another holds it, and this waiter doesn't wait. */
    volatile Holder refused;

    /** Redis had said nothing yet when the wait ended. */
    volatile boolean unanswered;

    /** What the last request to Redis failed with, if none has been answered since. */
    volatile FloodlockFailure failure;

    Waiter(Mode mode, boolean patient, String who, Ownership.Listener listener) {
        this.mode = mode;
        this.patient = patient;
        this.who = who;
        this.listener = listener;
    }

    boolean ended() {
        return entry != null || refused != null;
    }

    void wake() {
        LockSupport.unpark(thread);
    }
}
