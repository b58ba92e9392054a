package io.floodlock.runtime.queue.consume;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a body, from its start to its one end: its return, its exception, the completion of the stage that it
 * returned, or its timeout. {@link CallRun} makes one for each run. Thread-safe.
 */
final class BodyRun {

    /*
     * States.
     *
     *   RUNNING  The body runs on its worker.
     *   LEFT     The body has returned a stage that is not complete, and the worker has left it. The run goes on to
     *            count as one of the queue's workers.
     *   OVER     The end is decided. What comes later is ignored.
     *
     * The end is decided under this object's monitor, once:
     *
     *   state    event                            the end
     *   RUNNING  the body throws or returns       the worker settles the run; with the timeout's failure if the
     *            no stage                         timeout has passed before
     *   RUNNING  timeout                          the worker is interrupted. The run is not over: a body can't be
     *                                             ended, and the next call of its key must not overlap it
     *   RUNNING  the stage completes before the   the worker settles the run with the stage's outcome
     *            worker has left
     *   RUNNING  the worker would leave, but      the worker settles the run with the timeout's failure, and then
     *            the timeout has passed           cancels the stage
     *   LEFT     the stage completes              a worker settles the run with the stage's outcome
     *   LEFT     timeout                          a worker settles the run with the timeout's failure, and then
     *                                             cancels the stage
     *   OVER     the stage completes, timeout     ignored
     *
     * A timeout does not depend on the stage: toCompletableFuture() may be a copy, which can be cancelled without any
     * effect, and the cancellation runs the application's callbacks, which may block. So the run is settled first, and
     * the cancellation is a request. It runs on the same worker, and only then is the run reported as over: callbacks
     * that block take one of the queue's workers and no further thread.
     *
     * The timer and the thread that completes the stage, which is the application's or one of a driver, do no more than
     * decide the end and give the rest to a worker.
     */

    private static final Logger log = LoggerFactory.getLogger(BodyRun.class);

    private enum State {
        RUNNING,
        LEFT,
        OVER
    }

    /** The body on its target. */
    interface Body {
        Object run() throws Throwable;
    }

    /** Receives the end of the run, on a worker. */
    interface End {

        /** Called once. {@code thrown} is null if the body has succeeded with {@code value}. */
        void settle(Object value, Throwable thrown);

        /** A run that went on after {@link #run} had returned is over; called after {@link #settle}. */
        void over();
    }

    private final Duration timeout;
    private final ClassLoader loader;
    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final End end;
    private final Thread worker = Thread.currentThread();

    @GuardedBy("this")
    private State state = State.RUNNING;

    @GuardedBy("this")
    private boolean late;

    @GuardedBy("this")
    private CompletionStage<?> stage;

    @GuardedBy("this")
    private Outcome completed;

    private record Outcome(Object value, Throwable thrown) {}

    /**
     * Made by the worker that runs it.
     *
     * @param timeout null for none
     * @param loader the context class loader for callbacks of the application
     * @param workers runs what ends a run on another thread; must not refuse a task
     */
    BodyRun(Duration timeout, ClassLoader loader, ScheduledExecutorService timer, Executor workers, End end) {
        this.timeout = timeout;
        this.loader = loader;
        this.timer = timer;
        this.workers = workers;
        this.end = end;
    }

    /**
     * Runs the body on this thread, and settles the run if it is over then.
     *
     * @return whether it is over; if not, {@link End#over()} is called when it is
     */
    boolean run(Body body) {
        ScheduledFuture<?> alarm =
                timeout == null ? null : timer.schedule(this::passed, timeout.toMillis(), TimeUnit.MILLISECONDS);
        Object value = null;
        Throwable thrown = null;
        CompletionStage<?> returned = null;
        try {
            value = body.run();
            if (value instanceof CompletionStage<?> running) {
                running.whenComplete((result, problem) -> completed(alarm, new Outcome(result, unwrap(problem))));
                returned = running;
            }
        } catch (Throwable e) {
            thrown = e;
        }
        Outcome outcome = returned == null ? ended(new Outcome(value, thrown)) : leave(returned);
        if (outcome == null) {
            return false;
        }
        cancel(alarm);
        end.settle(outcome.value(), outcome.thrown());
        if (returned != null && outcome.thrown() instanceof Late) {
            cancel(returned);
        }
        return true;
    }

    private static Throwable unwrap(Throwable problem) {
        return problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
    }

    private static void cancel(ScheduledFuture<?> alarm) {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    private synchronized Outcome ended(Outcome outcome) {
        state = State.OVER;
        // the timeout's interrupt, and any that the body left, must not reach the thread's next call
        Thread.interrupted();
        return late ? new Outcome(null, failure()) : outcome;
    }

    /** The outcome if the run is over; null if the worker leaves it. */
    private synchronized Outcome leave(CompletionStage<?> running) {
        if (late || completed != null) {
            return ended(completed);
        }
        Thread.interrupted();
        state = State.LEFT;
        stage = running;
        return null;
    }

    private void completed(ScheduledFuture<?> alarm, Outcome outcome) {
        synchronized (this) {
            if (state == State.RUNNING) {
                completed = outcome;
            }
            if (state != State.LEFT) {
                return;
            }
            state = State.OVER;
        }
        cancel(alarm);
        workers.execute(() -> {
            end.settle(outcome.value(), outcome.thrown());
            end.over();
        });
    }

    /** The timeout has passed; on the timer. */
    private void passed() {
        CompletionStage<?> running;
        synchronized (this) {
            if (state == State.RUNNING && completed == null) {
                late = true;
                worker.interrupt();
            }
            if (state != State.LEFT) {
                return;
            }
            state = State.OVER;
            running = stage;
        }
        workers.execute(() -> {
            end.settle(null, failure());
            cancel(running);
            end.over();
        });
    }

    /** Asks the application to stop; runs its callbacks. */
    private void cancel(CompletionStage<?> running) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            running.toCompletableFuture().cancel(true);
        } catch (Throwable e) {
            log.debug("A stage whose call took too long can't be cancelled", e);
        } finally {
            thread.setContextClassLoader(before);
            Thread.interrupted();
        }
    }

    private Late failure() {
        return new Late("it took longer than " + timeout.toMillis() + " ms");
    }

    /** The failure of a run that took longer than its timeout; it is never the application's. */
    static final class Late extends TimeoutException {

        private static final long serialVersionUID = 1L;

        Late(String message) {
            super(message);
        }
    }
}
