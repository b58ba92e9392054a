package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a woven method returns instead of its body's stage: it completes as that does, after the scope has ended.
 *
 * <p>The body runs on the calling thread where the locks are to be had at once, else on a thread of the agent. Whatever
 * else completes this future, {@code cancel} or {@code orTimeout}, ends the scope too and cancels the body's stage.
 */
final class ScopedStage extends CompletableFuture<Object> implements AsyncScopeGuard.Client {

    /*
     *   acquired ---> body runs ---> its stage completes ---> scope ends ---> this completes
     *
     * Completed from outside meanwhile:
     *   before acquired          nothing is held, or is given back as it comes; the body never runs
     *   while the body runs      the scope ends with the stage that the body returns, which is cancelled
     *   after                    the stage is cancelled, the scope ends
     * The two last meet in abandoned(): `stage` is written before isDone() is read by the one, and read by the other
     * after done, so that at least one of them sees both; cancelling twice does nothing.
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

    /** Completed by somebody; perhaps by the stage, and then there is nothing left to do. */
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
            // a stage that can't be cancelled goes on without anybody to hear of it
        }
        guard.cancel();
    }
}
