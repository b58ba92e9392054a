package io.floodlock.runtime.fence;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import java.util.function.Supplier;

/**
 * Vetoes the commit of a thread that has lost one of its locks. The guard narrows the window and does not close it: a
 * commit that has passed the check may reach the database after the lease has ended. Only fenced locks close the
 * window, see {@link Fence}. The transaction engine calls it before commits. Thread-safe.
 */
public final class CommitGuard {

    private final Supplier<LockEngine> locks;
    private final Events events;

    /** @param locks supplies null until this JVM has acquired its first lock */
    public CommitGuard(Supplier<LockEngine> locks, Events events) {
        this.locks = locks;
        this.events = events;
    }

    /** Whether this thread holds locks, lost or not. */
    public boolean watching() {
        LockEngine engine = locks.get();
        return engine != null && engine.around();
    }

    /**
     * Checks the locks of this thread.
     *
     * @throws FloodlockFailure LOCK_LOST if one of them is lost; the caller then rolls back
     */
    public void verify() {
        LockEngine engine = locks.get();
        if (engine == null) {
            return;
        }
        try {
            engine.verifyCurrent();
        } catch (FloodlockFailure e) {
            events.commitVetoed(CallerFrame.outsideAgent());
            throw e;
        }
    }
}
