package io.floodlock.runtime.queue.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.queue.record.Attempts;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Limits which suspects may run at the same time, over all queues of a JVM. After an owner died, each call that it
 * may have been running is a suspect: it may have killed the JVM.
 *
 * <p>Suspects run beside ordinary calls, eight at a time. If the JVM dies during such a run too, that suspect runs
 * alone the next time: no other call runs in the JVM that could be the cause. Only a death during a run alone is
 * attributed to the call. So no other call becomes a dead letter because of the call that kills.
 *
 * <p>{@link Lane} enters before a run; who runs the call exits after it. Thread-safe; never blocks.
 */
public final class CrashIsolation {

    /*
     * How long a suspect may hold up others, whatever it does:
     *
     *   BESIDE  It has one of eight places for at most PATIENCE_MS. A suspect that runs longer goes on without its
     *           place: Redis knows that it runs, so it stays a suspect if the JVM dies later.
     *   ALONE   It waits until no call runs, and then no call starts beside it.
     *           - The wait takes at most PATIENCE_MS. After that the calls that still run are long ones. While one of
     *             them runs, suspects that should run alone run beside others: a death then is attributed to none.
     *           - The run takes at most PATIENCE_MS. After that it becomes a run beside others. Redis must know that
     *             before any other call starts; else a death by the other call would be attributed to this one. So
     *             the place is kept until `demoted` is called.
     *
     * Consequence: a call that kills its JVM later than PATIENCE_MS after its start alone is never attributed.
     */

    /** How long a suspect may hold up other calls. */
    static final long PATIENCE_MS = 5_000;

    private static final int MOST_BESIDE = 8;

    /** Runs an action after a time, on a thread that may be used for short actions. */
    public interface Timer {
        void later(long millis, Runnable action);
    }

    /** An admitted run. */
    public static final class Pass {

        /** How it was admitted: with or without other calls beside it. */
        final Attempts.Run how;

        private boolean place;

        /** Stores that this run is no longer alone. */
        private Runnable demote;

        /** Whether others may run beside it, and it beside any of them. */
        public boolean isOrdinary() {
            return how == Attempts.Run.NONE;
        }

        private Pass(Attempts.Run how) {
            this.how = how;
            this.place = how != Attempts.Run.NONE;
        }
    }

    private final Runnable freed;
    private final Timer timer;

    @GuardedBy("this")
    private final Set<Pass> running = new HashSet<>();

    /** Runs that kept a suspect from running alone for too long. */
    @GuardedBy("this")
    private final Set<Pass> tooLong = new HashSet<>();

    @GuardedBy("this")
    private int beside;

    @GuardedBy("this")
    private Pass alone;

    /** Whether the call that wants to run alone still wants to; null if there is none. */
    @GuardedBy("this")
    private BooleanSupplier waiting;

    /** Counts the waits to run alone, so that a timer of an earlier wait ends no later one. */
    @GuardedBy("this")
    private int waits;

    /** @param freed called when a run that was refused before may be tried again; called without locks */
    public CrashIsolation(Runnable freed, Timer timer) {
        this.freed = freed;
        this.timer = timer;
    }

    /**
     * Tries to start a run. After each success the caller must call {@link #exit}.
     *
     * @param demote called when a run alone takes too long: stores that it is not alone any more, then calls
     *     {@link #demoted}
     * @return null if the run may not start now. A run that should be alone may be admitted beside others
     */
    synchronized Pass enter(Attempts.Run how, BooleanSupplier stillWanted, Consumer<Pass> demote) {
        if (alone != null) {
            return null;
        }
        boolean isolated = how == Attempts.Run.ALONE && tooLong.isEmpty();
        if (isolated && !running.isEmpty()) {
            awaitAlone(stillWanted);
            return null;
        }
        if (!isolated && waiting != null && waiting.getAsBoolean()) {
            return null;
        }
        if (!isolated && how != Attempts.Run.NONE && beside >= MOST_BESIDE) {
            return null;
        }
        Pass pass = new Pass(isolated ? how : how == Attempts.Run.NONE ? how : Attempts.Run.BESIDE);
        running.add(pass);
        if (isolated) {
            waiting = null;
            alone = pass;
            pass.demote = () -> demote.accept(pass);
        } else if (how != Attempts.Run.NONE) {
            beside++;
        }
        if (pass.place) {
            timer.later(PATIENCE_MS, () -> ranLong(pass));
        }
        return pass;
    }

    @GuardedBy("this")
    private void awaitAlone(BooleanSupplier stillWanted) {
        boolean first = waiting == null;
        waiting = stillWanted;
        if (first) {
            int wait = ++waits;
            timer.later(PATIENCE_MS, () -> waitedLong(wait));
        }
    }

    private void waitedLong(int wait) {
        synchronized (this) {
            if (waiting == null || wait != waits) {
                return;
            }
            waiting = null;
            tooLong.addAll(running);
        }
        freed.run();
    }

    private void ranLong(Pass pass) {
        Runnable demote;
        synchronized (this) {
            if (!running.contains(pass) || !pass.place) {
                return;
            }
            demote = pass.demote;
        }
        if (demote != null) {
            demote.run();
        } else {
            demoted(pass);
        }
    }

    /** The run goes on without a place; Redis does not hold it as a run alone any more. */
    void demoted(Pass pass) {
        synchronized (this) {
            if (!running.contains(pass)) {
                return;
            }
            leavePlace(pass);
        }
        freed.run();
    }

    @GuardedBy("this")
    private void leavePlace(Pass pass) {
        if (pass == alone) {
            alone = null;
        } else if (pass.place) {
            beside--;
        }
        pass.place = false;
    }

    /** Ends a run that {@link #enter} admitted. Has no effect the second time. */
    public void exit(Pass pass) {
        boolean tell;
        synchronized (this) {
            if (!running.remove(pass)) {
                return;
            }
            tooLong.remove(pass);
            tell = pass.place || waiting != null;
            leavePlace(pass);
        }
        if (tell) {
            freed.run();
        }
    }
}
