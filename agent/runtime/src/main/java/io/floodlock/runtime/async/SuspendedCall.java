package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;
import java.util.concurrent.atomic.AtomicReference;

/** One call of a woven suspend function. */
final class SuspendedCall implements Guard.Client {

    /*
     * To suspend is not to leave: the function's scope ends when the continuation that the body was given is resumed, or when
     * the body returns anything but COROUTINE_SUSPENDED.
     *
     *   locks to be had at once     the body runs here; what it returns is returned, if it did not suspend
     *   else                        the caller is suspended; later the body begins on the dispatcher of the caller's context
     *
     * The result comes before start() has returned, or after; `result` decides, once:
     *   UNDECIDED -> the result     start() finds it, and returns or throws it
     *   UNDECIDED -> SUSPENDED      start() has returned; the result resumes the caller, on the caller's own dispatcher: the
     *                               continuation that the body sees is none that Kotlin would dispatch by itself
     * While the locks are waited for, the coroutine's cancellation calls the acquisition off. After that it is the body's to
     * notice, as in any suspend function.
     */

    private static final Object UNDECIDED = new Object();
    private static final Object SUSPENDED = new Object();

    private final Coroutines coroutines;
    private final AsyncBody body;
    private final Object caller;
    private final Object context;
    private final Guard guard;
    private final Thread starter = Thread.currentThread();
    private final AtomicReference<Object> result = new AtomicReference<>(UNDECIDED);
    private volatile Runnable cancellationWatch = () -> {};
    private boolean left;

    SuspendedCall(Coroutines coroutines, AsyncBody body) {
        this.coroutines = coroutines;
        this.body = body;
        this.caller = body.lastArgument();
        this.context = coroutines.contextOf(caller);
        this.guard = new Guard(body, this);
    }

    Object start() {
        LockScope around = coroutines.scopeIn(context);
        if (around == null) {
            guard.begin();
        } else {
            try (LockScope.Entered entered = around.enter()) {
                guard.begin();
            }
        }
        left = true;
        if (result.get() == UNDECIDED) {
            cancellationWatch = coroutines.onCancellation(context, this::cancelled);
        }
        if (result.compareAndSet(UNDECIDED, SUSPENDED)) {
            return coroutines.suspended();
        }
        cancellationWatch.run();
        Object known = result.get();
        Throwable thrown = coroutines.failureIn(known);
        if (thrown != null) {
            throw Handles.<RuntimeException>unchecked(thrown);
        }
        return known;
    }

    @Override
    public void opened(LockScope scope) {
        Object inScope = coroutines.with(context, scope);
        if (Thread.currentThread() == starter && !left) {
            run(scope, inScope);
            return;
        }
        try {
            coroutines.dispatch(inScope, () -> run(scope, inScope));
        } catch (RuntimeException | Error e) {
            finish(coroutines.failure(e));
        }
    }

    private void run(LockScope scope, Object inScope) {
        Object returned;
        try (LockScope.Entered entered = scope.enter()) {
            returned = body.run(coroutines.continuation(inScope, this::finish));
        } catch (Throwable e) {
            finish(coroutines.failure(e));
            return;
        }
        if (returned != coroutines.suspended()) {
            finish(returned);
        }
    }

    /** @param value as Kotlin boxes a result: itself, or a failure */
    private void finish(Object value) {
        Throwable lost = guard.end();
        Throwable thrown = coroutines.failureIn(value);
        if (lost != null && thrown != null && thrown != lost) {
            thrown.addSuppressed(lost);
        }
        deliver(lost != null && thrown == null ? coroutines.failure(lost) : value);
    }

    private void deliver(Object value) {
        if (!result.compareAndSet(UNDECIDED, value) && result.compareAndSet(SUSPENDED, value)) {
            cancellationWatch.run();
            coroutines.resumeIntercepted(caller, value);
        }
    }

    private void cancelled(Throwable why) {
        if (guard.callOff()) {
            deliver(coroutines.failure(why));
        }
    }

    @Override
    public void refused(Throwable why) {
        deliver(coroutines.failure(why));
    }

    @Override
    public void expired() {
        Throwable lost = guard.end();
        if (lost != null) {
            deliver(coroutines.failure(lost));
        }
    }
}
