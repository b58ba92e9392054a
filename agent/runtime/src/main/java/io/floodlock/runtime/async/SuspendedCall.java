package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.type.LibraryMethods;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One call of a woven suspend function: acquires the locks, without blocking a thread, runs the body in a coroutine
 * inside the caller's, releases the locks as the body ends, and then resumes the caller exactly once.
 * {@link AsyncResults} starts it; {@link Coroutines} and {@link ResumedResult} have the details of Kotlin.
 */
final class SuspendedCall implements AsyncScopeGuard.Client {

    /*
     * A body that suspends has not ended. The function's scope ends when the body returns anything but
     * COROUTINE_SUSPENDED, or throws, or, if it has suspended, when its continuation is resumed.
     *
     * The body gets a coroutine of its own, inside the caller's. Its continuation is of Kotlin's own class, so any code
     * that gets it from the body finds a dispatcher in it; its context is the caller's plus the scope. As that
     * coroutine ends, the caller is resumed on the same thread, as the body itself would resume it.
     *
     *   locks available at once   the body begins on this thread, in start(). If it does not suspend, start() returns
     *                             its result.
     *   else                      the caller is suspended; later the body begins on the dispatcher of the caller's
     *                             context.
     *
     * The way in which the caller gets the result is fixed by Kotlin: a returned result and a result with which a
     * continuation is resumed may be different objects (see ResumedResult). So a result that came through the
     * continuation only ever resumes the caller, even if start() has not returned COROUTINE_SUSPENDED yet. Every
     * suspend function that passes its continuation to another thread has this race. `caller` decides which side gives
     * the result, once:
     *
     *   INSIDE    start() has not returned. A result on its own thread waits in `here`, to be returned or thrown.
     *   OUTSIDE   start() has returned COROUTINE_SUSPENDED.
     *   ANSWERED  the caller has its result.
     *
     *   INSIDE, OUTSIDE -> ANSWERED  the body's coroutine has ended, or the locks were not acquired
     *   OUTSIDE -> ANSWERED          the scope has expired while the body is suspended. If it expires while INSIDE,
     *                                the end of the scope finds that it was lost; start() checks once more as it goes
     *                                OUTSIDE.
     *
     * While the call waits for the locks, cancelling the coroutine cancels the acquisition. If it is cancelled later,
     * but before the body has begun on its dispatcher, the body does not begin. After that the body must notice the
     * cancellation, as in any suspend function.
     */

    private enum Caller {
        INSIDE,
        OUTSIDE,
        ANSWERED
    }

    private record Outcome(Object value, Throwable thrown) {}

    private static final Runnable NOTHING = () -> {};

    private final Coroutines coroutines;
    private final ResumedResult resumedResult;
    private final AsyncBody body;
    private final Object continuation;
    private final Object context;
    private final AsyncScopeGuard guard;
    private final AtomicReference<Caller> caller = new AtomicReference<>(Caller.INSIDE);

    /** Ends the watch for cancellation; null before there is a watch, NOTHING once none is needed. */
    private final AtomicReference<Runnable> cancellationWatch = new AtomicReference<>();

    private final Thread starter = Thread.currentThread();

    // used by the starting thread only

    private boolean starting = true;
    private boolean begun;
    private Outcome here;

    SuspendedCall(Coroutines coroutines, ResumedResult resumedResult, AsyncBody body) {
        this.coroutines = coroutines;
        this.resumedResult = resumedResult;
        this.body = body;
        this.continuation = body.lastArgument();
        this.context = coroutines.contextOf(continuation);
        this.guard = new AsyncScopeGuard(body, this);
    }

    Object start() {
        acquire();
        if (!begun && here == null) {
            watchCancellation();
        }
        starting = false;
        if (here != null) {
            return caller.compareAndSet(Caller.INSIDE, Caller.ANSWERED) ? returnOrThrow(here) : coroutines.suspended();
        }
        caller.compareAndSet(Caller.INSIDE, Caller.OUTSIDE);
        Throwable lost = guard.loss();
        if (lost != null && caller.compareAndSet(Caller.OUTSIDE, Caller.ANSWERED)) {
            throw LibraryMethods.<RuntimeException>unchecked(lost);
        }
        return coroutines.suspended();
    }

    private static Object returnOrThrow(Outcome outcome) {
        if (outcome.thrown != null) {
            throw LibraryMethods.<RuntimeException>unchecked(outcome.thrown);
        }
        return outcome.value;
    }

    private void acquire() {
        LockScope around = coroutines.scopeIn(context);
        if (around == null) {
            guard.begin();
            return;
        }
        try (LockScope.Entered entered = around.enter()) {
            guard.begin();
        }
    }

    /** Whether this thread is still in start(), so that the caller's frame is below. */
    private boolean inStart() {
        return Thread.currentThread() == starter && starting;
    }

    // ---- the wait

    private void watchCancellation() {
        Runnable watch = coroutines.onCancellation(context, this::cancelled);
        if (!cancellationWatch.compareAndSet(null, watch)) {
            watch.run();
        }
    }

    private void waited() {
        Runnable watch = cancellationWatch.getAndSet(NOTHING);
        if (watch != null) {
            watch.run();
        }
    }

    private void cancelled(Throwable why) {
        if (guard.callOff()) {
            fail(why);
        }
    }

    @Override
    public void refused(Throwable why) {
        fail(why);
    }

    private void fail(Throwable why) {
        if (inStart()) {
            here = new Outcome(null, why);
            return;
        }
        waited();
        if (caller.getAndSet(Caller.ANSWERED) != Caller.ANSWERED) {
            coroutines.resumeIntercepted(continuation, coroutines.failure(why));
        }
    }

    // ---- the body

    @Override
    public void opened(LockScope scope) {
        Object inScope = coroutines.with(context, scope);
        if (inStart()) {
            begun = true;
            coroutines.startHere(inScope, its -> runHere(scope, its), this::ended);
            return;
        }
        waited();
        try {
            coroutines.startDispatched(inScope, its -> runDispatched(scope, its), this::ended);
        } catch (RuntimeException | Error e) {
            ended(coroutines.failure(e));
        }
    }

    private Object runHere(LockScope scope, Object its) throws Throwable {
        try {
            Object returned = run(scope, its);
            if (returned != coroutines.suspended()) {
                here = new Outcome(returned, null);
            }
            return returned;
        } catch (Throwable e) {
            here = new Outcome(null, e);
            throw e;
        }
    }

    private Object runDispatched(LockScope scope, Object its) throws Throwable {
        Throwable cancelled = coroutines.cancellationIn(context);
        if (cancelled != null) {
            throw cancelled;
        }
        Object returned = run(scope, its);
        return returned == coroutines.suspended() ? returned : resumedResult.of(returned);
    }

    private Object run(LockScope scope, Object its) throws Throwable {
        try (LockScope.Entered entered = scope.enter()) {
            return body.run(its);
        }
    }

    /**
     * Called when the body's coroutine has ended.
     *
     * @param result as Kotlin passes results to continuations: the value itself, or a failure
     */
    private void ended(Object result) {
        boolean decidedHere = inStart() && here != null;
        Outcome outcome = decidedHere ? here : new Outcome(result, coroutines.failureIn(result));
        Throwable lost = guard.end();
        if (lost != null && outcome.thrown == null) {
            outcome = new Outcome(null, lost);
        } else if (lost != null && outcome.thrown != lost) {
            outcome.thrown.addSuppressed(lost);
        }
        if (decidedHere) {
            here = outcome;
        } else if (caller.getAndSet(Caller.ANSWERED) != Caller.ANSWERED) {
            coroutines.resume(continuation, outcome.thrown == null ? result : coroutines.failure(outcome.thrown));
        }
    }

    @Override
    public void expired() {
        Throwable lost = guard.end();
        if (lost != null && caller.compareAndSet(Caller.OUTSIDE, Caller.ANSWERED)) {
            coroutines.resumeIntercepted(continuation, coroutines.failure(lost));
        }
    }
}
