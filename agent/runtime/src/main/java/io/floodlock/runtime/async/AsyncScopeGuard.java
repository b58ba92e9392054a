package io.floodlock.runtime.async;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the locks of one asynchronous call, and gives them back exactly once. Thread-safe; never blocks. */
final class AsyncScopeGuard implements LockEngine.Listener {

    /*
     *   WAITING ---- acquired ----> open (the scope) ---- end, cancel ----> ENDED
     *      |                                                                  ^
     *      +---- failed, cancel ----------------------------------------------+
     *
     * Every arrow is one atomic exchange, so one of two that race finds the other's result and acts on it:
     *   - cancel before acquired: the acquisition is called off; where it comes nevertheless, its scope is closed at
     *       once;
     *   - cancel before begin() knows what it has begun: begin() looks again afterwards, and calls it off;
     *   - expired before acquired, which a stalled thread may bring about: acquired finds it, and ends what it was
     *       given.
     *   - end and cancel: whoever comes first closes the scope;
     *   - end and end, as where the scope expires while its work ends: both answer the same, so that work is not taken
     *     for protected because another was first to see that it was not.
     *
     * What comes on another thread comes with the contexts of the one that asked (ThreadContexts). They are captured
     * only as the call has to wait, before anybody else can know of it: a call that waits for nothing pays nothing.
     *
     * The client hears opened() or refused() at most once, and neither after a cancel that came first.
     */

    /** What the guard tells its call. */
    interface Client {

        /** The locks are held; the body may run in that scope. */
        void opened(LockScope scope);

        /** The locks are not held; the body must not run. */
        void refused(Throwable why);

        /** The locks have been held for as long as they may; {@link AsyncScopeGuard#end} tells the failure. */
        void expired();
    }

    private static final Logger log = LoggerFactory.getLogger(AsyncScopeGuard.class);
    private static final Object WAITING = new Object();

    /** @param loss why the locks were not held throughout, as the caller is to see it, or null */
    private record Ended(Throwable loss) {}

    private static final Ended ENDED = new Ended(null);

    private final AsyncBody body;
    private final Client client;
    private final AtomicReference<Object> state = new AtomicReference<>(WAITING);
    private volatile LockEngine.Pending pending;
    private volatile boolean expired;
    private volatile ThreadContexts.Captured contexts;

    AsyncScopeGuard(AsyncBody body, Client client) {
        this.body = body;
        this.client = client;
    }

    void begin() {
        if (state.get() instanceof Ended) {
            return;
        }
        try {
            pending = body.acquire(this);
        } catch (RuntimeException | Error e) {
            if (state.compareAndSet(WAITING, ENDED)) {
                client.refused(body.toCaller(e));
            }
            return;
        }
        if (state.get() instanceof Ended) {
            pending.cancel();
        }
    }

    @Override
    public void waits() {
        contexts = body.capture();
    }

    @Override
    public void acquired(LockScope scope) {
        inContexts(() -> open(scope));
    }

    private void inContexts(Runnable task) {
        ThreadContexts.Captured captured = contexts;
        if (captured == null) {
            task.run();
        } else {
            captured.run(task);
        }
    }

    private void open(LockScope scope) {
        if (!state.compareAndSet(WAITING, scope)) {
            scope.release();
        } else if (expired) {
            Throwable lost = end();
            if (lost != null) {
                client.refused(lost);
            }
        } else {
            client.opened(scope);
        }
    }

    @Override
    public void failed(FloodlockFailure failure) {
        if (state.compareAndSet(WAITING, ENDED)) {
            inContexts(() -> client.refused(body.toCaller(failure)));
        }
    }

    @Override
    public void expired() {
        expired = true;
        if (state.get() != WAITING) {
            inContexts(client::expired);
        }
    }

    /**
     * The work has ended: gives the locks back. Answers why they were not held throughout, as the caller is to see it,
     * or null.
     */
    Throwable end() {
        if (state.get() instanceof LockScope scope) {
            Ended ended = new Ended(lossOf(scope));
            if (state.compareAndSet(scope, ended)) {
                Throwable untold = close(scope);
                if (ended.loss == null && untold != null) {
                    state.set(new Ended(untold));
                }
            }
        }
        return loss();
    }

    /** Answers why a transaction of the application's may outlive the locks, or null. */
    private Throwable close(LockScope scope) {
        try {
            scope.close();
            return null;
        } catch (FloodlockFailure untold) {
            return body.toCaller(untold);
        }
    }

    private Throwable lossOf(LockScope scope) {
        try {
            scope.verify();
            return null;
        } catch (FloodlockFailure lost) {
            return body.toCaller(lost);
        }
    }

    /** What {@link #end} has answered; null before. */
    Throwable loss() {
        return state.get() instanceof Ended ended ? ended.loss : null;
    }

    /** Nobody wants the work any more, begun or not. */
    void cancel() {
        if (!callOff() && state.get() instanceof LockScope scope && state.compareAndSet(scope, ENDED)) {
            Throwable untold = close(scope);
            if (untold != null) {
                log.error("Work was cancelled inside a transaction", untold);
            }
        }
    }

    /** Nobody wants the work any more; what has begun goes on. Answers whether it had not begun. */
    boolean callOff() {
        if (!state.compareAndSet(WAITING, ENDED)) {
            return false;
        }
        LockEngine.Pending begun = pending;
        if (begun != null) {
            begun.cancel();
        }
        return true;
    }
}
