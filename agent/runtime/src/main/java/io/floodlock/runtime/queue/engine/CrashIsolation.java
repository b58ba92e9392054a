package io.floodlock.runtime.queue.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.queue.record.Attempts;
import java.util.function.BooleanSupplier;

/**
 * Keeps suspects apart, over all queues of a JVM. After an owner died, any call it may have been running may have killed it.
 * Suspects run one at a time, beside ordinary calls; one whose JVM dies even so runs alone the next time, with nothing beside
 * it that could be the true culprit. Only a death during such a run is laid to the call. So nobody else's call is buried with
 * one that kills, and a JVM is serialized only as often as it dies. Thread-safe; never blocks.
 */
final class CrashIsolation {

    @GuardedBy("this")
    private int running;

    @GuardedBy("this")
    private boolean suspectRuns;

    @GuardedBy("this")
    private boolean aloneRuns;

    /** Tells whether whoever wants to be alone still wants it; null for nobody. */
    @GuardedBy("this")
    private BooleanSupplier waiting;

    private final Runnable freed;

    /** @param freed hears that a run refused before may be tried again; called without locks */
    CrashIsolation(Runnable freed) {
        this.freed = freed;
    }

    /** Whether a run may start now; {@link #exit} must follow. */
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
