package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;
import java.util.concurrent.atomic.AtomicReference;

/** One call of a woven suspend function. */
final class SuspendedCall implements AsyncScopeGuard.Client {

    /*
     * To suspend is not to leave: the function's scope ends when the body returns anything but COROUTINE_SUSPENDED, or
     * throws, or, where it has suspended, when the continuation that it was given is resumed.
     *
     * The body gets a coroutine of its own, inside the caller's: Kotlin's own continuation class, so that whatever the
     * body hands it to finds a dispatcher in it, in the caller's context plus the scope. As that coroutine ends, the
     * caller is resumed on the same thread, as it would be by the body itself.
     *
     *   locks to be had at once     the body begins here, in start(). What it returns, if it does not suspend, start()
     *                               returns.
     *   else                        the caller is suspended; later the body begins on the dispatcher of the caller's
     *                               context.
     *
     * How the caller hears of the end is not ours to choose: a result that is returned and one that a continuation is
     * resumed with may be different objects (see ResumedResult). So what came through the continuation only ever
     * resumes the caller, though start() may still be on its way out with COROUTINE_SUSPENDED: it is the race that
     * every suspend function runs which hands its continuation to another thread. `caller` decides who tells it, once:
     *
     *   INSIDE    start() has not returned. What is decided on its own thread waits in `here`, to be returned or
     *             thrown.
     *   OUTSIDE   start() has returned COROUTINE_SUSPENDED.
     *   TOLD
     *
     *   INSIDE, OUTSIDE -> TOLD     the body's coroutine has ended; or what was waited for has come to nothing
     *   OUTSIDE -> TOLD             the scope has expired while the body is suspended. Inside, whoever ends the scope
     *                               finds that it was lost; start() looks once more as it goes OUTSIDE.
     *
     * While the locks are waited for, the coroutine's cancellation calls the acquisition off; and where it comes after
     * that, but before the body has begun on its dispatcher, the body does not begin. After that it is the body's to
     * notice, as in any suspend function.
     */

    private enum Caller {
        INSIDE,
        OUTSIDE,
        TOLD
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

    /** Ends the watch for cancellation: null before there is one, NOTHING once none is needed. */
    private final AtomicReference<Runnable> cancellationWatch = new AtomicReference<>();

    private final Thread starter = Thread.currentThread();

    // the starter's own

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
        ask();
        if (!begun && here == null) {
            watchCancellation();
        }
        starting = false;
        if (here != null) {
            return caller.compareAndSet(Caller.INSIDE, Caller.TOLD) ? give(here) : coroutines.suspended();
        }
        caller.compareAndSet(Caller.INSIDE, Caller.OUTSIDE);
        Throwable lost = guard.loss();
        if (lost != null && caller.compareAndSet(Caller.OUTSIDE, Caller.TOLD)) {
            throw LibraryMethods.<RuntimeException>unchecked(lost);
        }
        return coroutines.suspended();
    }

    private static Object give(Outcome outcome) {
        if (outcome.thrown != null) {
            throw LibraryMethods.<RuntimeException>unchecked(outcome.thrown);
        }
        return outcome.value;
    }

    private void ask() {
        LockScope around = coroutines.scopeIn(context);
        if (around == null) {
            guard.begin();
            return;
        }
        try (LockScope.Entered entered = around.enter()) {
            guard.begin();
        }
    }

    /** Whether this is start() itself, so that the caller's frame is below. */
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
            comeToNothing(why);
        }
    }

    @Override
    public void refused(Throwable why) {
        comeToNothing(why);
    }

    private void comeToNothing(Throwable why) {
        if (inStart()) {
            here = new Outcome(null, why);
            return;
        }
        waited();
        if (caller.getAndSet(Caller.TOLD) != Caller.TOLD) {
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
     * The body's coroutine has ended.
     *
     * @param result as Kotlin hands results to continuations: the value itself, or a failure
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
        } else if (caller.getAndSet(Caller.TOLD) != Caller.TOLD) {
            coroutines.resume(continuation, outcome.thrown == null ? result : coroutines.failure(outcome.thrown));
        }
    }

    @Override
    public void expired() {
        Throwable lost = guard.end();
        if (lost != null && caller.compareAndSet(Caller.OUTSIDE, Caller.TOLD)) {
            coroutines.resumeIntercepted(continuation, coroutines.failure(lost));
        }
    }
}
