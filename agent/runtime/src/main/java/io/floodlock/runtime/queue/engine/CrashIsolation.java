package io.floodlock.runtime.queue.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.queue.record.Attempts;
import java.util.function.BooleanSupplier;

/**
 * Limits which suspects may run at the same time, over all queues of a JVM. After an owner died, each call that it
 * may have been running is a suspect: it may have killed the JVM.
 *
 * <p>Suspects run one at a time, beside ordinary calls. If the JVM dies during such a run too, that suspect runs
 * alone the next time: no other call runs in the JVM that could be the cause. Only a death during a run alone is
 * attributed to the call. So no other call becomes a dead letter because of the call that kills, and a JVM runs calls
 * serially only as often as it dies.
 *
 * <p>{@link Lane} enters before a run, {@link CallRun} exits after it. Thread-safe; never blocks.
 */
final class CrashIsolation {

    @GuardedBy("this")
    private int running;

    @GuardedBy("this")
    private boolean suspectRuns;

    @GuardedBy("this")
    private boolean aloneRuns;

    /** Whether the call that wants to run alone still wants to; null if there is none. */
    @GuardedBy("this")
    private BooleanSupplier waiting;

    private final Runnable freed;

    /** @param freed called when a run that was refused before may be tried again; called without locks */
    CrashIsolation(Runnable freed) {
        this.freed = freed;
    }

    /**
     * Tries to start a run. After each success the caller must call {@link #exit}.
     *
     * @return whether the run may start now
     */
    synchronized boolean enter(Attempts.Run how, BooleanSupplier stillWanted) {
        if (aloneRuns) {
            return false;
        }
        if (how == Attempts.Run.ALONE) {
            if (running > 0) {
                waiting = stillWanted;
                return false;
            }
            waiting = null;
            aloneRuns = true;
        } else if (waiting != null && waiting.getAsBoolean()) {
            return false;
        } else if (how == Attempts.Run.BESIDE) {
            if (suspectRuns) {
                return false;
            }
            suspectRuns = true;
        }
        running++;
        return true;
    }

    /** Ends a run that {@link #enter} admitted. */
    void exit(Attempts.Run how) {
        boolean tell;
        synchronized (this) {
            running--;
            tell = how != Attempts.Run.NONE || waiting != null;
            if (how == Attempts.Run.ALONE) {
                aloneRuns = false;
            } else if (how == Attempts.Run.BESIDE) {
                suspectRuns = false;
            }
        }
        if (tell) {
            freed.run();
        }
    }
}
