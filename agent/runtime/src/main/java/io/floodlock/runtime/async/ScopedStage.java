package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The future that a woven method returns instead of its body's stage. It completes as the body's stage does, but after
 * the scope has ended. Thread-safe.
 *
 * <p>The body runs on the calling thread if the locks are available at once, else on a thread of the agent. If anything
 * else completes this future ({@code cancel}, {@code orTimeout}), the scope ends too, and the body's stage is
 * cancelled.
 */
final class ScopedStage extends CompletableFuture<Object> implements AsyncScopeGuard.Client {

    /*
     *   acquired ---> body runs ---> its stage completes ---> scope ends ---> this completes
     *
     * If another thread completes this future meanwhile:
     *   before acquired          nothing is held, or is released as soon as it is granted; the body never runs
     *   while the body runs      the scope ends with the stage that the body returns, which is cancelled
     *   after that               the stage is cancelled, the scope ends
     *
     * The last two cases meet in abandoned(). The thread that runs the body writes `stage` before it reads isDone(),
     * the completing thread reads `stage` after the future is done. So at least one of them sees both. Cancelling twice
     * does nothing.
     */

    private final AsyncBody body;
    private final AsyncScopeGuard guard;
    private volatile CompletionStage<?> stage;
    private volatile boolean settled;

    private ScopedStage(AsyncBody body) {
        this.body = body;
        this.guard = new AsyncScopeGuard(body, this);
    }

    static CompletableFuture<Object> start(AsyncBody body) {
        ScopedStage result = new ScopedStage(body);
        result.guard.begin();
        if (!result.isDone()) {
            result.whenComplete((value, thrown) -> result.abandoned());
        }
        return result;
    }

    @Override
    public void opened(LockScope scope) {
        CompletionStage<?> returned;
        try (LockScope.Entered entered = scope.enter()) {
            returned = (CompletionStage<?>) body.run();
            if (returned == null) {
                throw new NullPointerException(body.site() + " returned null instead of a CompletionStage");
            }
        } catch (Throwable e) {
            settle(null, e);
            return;
        }
        stage = returned;
        returned.whenComplete(this::settle);
        if (isDone()) {
            abandoned();
        }
    }

    private void settle(Object value, Throwable thrown) {
        settled = true;
        Throwable lost = guard.end();
        if (thrown != null) {
            if (lost != null && lost != thrown) {
                thrown.addSuppressed(lost);
            }
            completeExceptionally(thrown);
        } else if (lost != null) {
            completeExceptionally(lost);
        } else {
            complete(value);
        }
    }

    @Override
    public void refused(Throwable why) {
        completeExceptionally(why);
    }

    @Override
    public void expired() {
        Throwable lost = guard.end();
        if (lost != null) {
            completeExceptionally(lost);
        }
    }

    /** Called once this future is completed. If the body's stage has completed it, there is nothing left to do. */
    private void abandoned() {
        CompletionStage<?> left = stage;
        if (settled) {
            return;
        }
        if (left == null) {
            guard.callOff();
            return;
        }
        try {
            left.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException e) {
            // a stage that can't be cancelled continues; its result is ignored
        }
        guard.cancel();
    }
}
