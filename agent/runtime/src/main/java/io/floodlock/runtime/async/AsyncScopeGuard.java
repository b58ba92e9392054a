package io.floodlock.runtime.async;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acquires the locks of one asynchronous call, and releases them exactly once, whichever of end, cancellation, failure
 * and expiry is first. Each kind of result is its {@link Client}. Thread-safe.
 *
 * <p>It doesn't wait for Redis, with one exception: if the call re-entered a key that a thread had acquired, and leaves
 * it as the last user, the end of the call may wait as {@link LockScope#close} does, for up to 100 ms.
 */
final class AsyncScopeGuard implements LockEngine.Listener {

    /*
     *   WAITING ---- acquired ----> open (the scope) ---- end, cancel ----> ENDED
     *      |                                                                  ^
     *      +---- failed, cancel ----------------------------------------------+
     *
     * Every arrow is one atomic exchange, so the second of two racing threads finds the first one's result and acts on
     * it:
     *   - cancel before acquired: the acquisition is cancelled; if it succeeds all the same, its scope is closed.
     *   - cancel before begin() has stored its acquisition: begin() checks the state afterwards, and cancels it.
     *   - expired before acquired, which a stalled thread can cause: acquired finds it, and ends the scope that it got.
     *   - end and cancel: the first of them closes the scope.
     *   - end and end, for example where the scope expires while its work ends: both return the same result. So no
     *     caller takes its work for protected because another one was the first to see that it was not.
     *
     * A callback on another thread runs with the contexts of the calling thread (ThreadContexts). They are captured
     * only if the call has to wait, and then before any other thread can see the call. A call that does not wait pays
     * nothing.
     *
     * The client gets opened() or refused() at most once, and neither after an earlier cancel.
     */

    /** The callbacks of the guard to its call. */
    interface Client {

        /** The locks are held; the body may run in this scope. */
        void opened(LockScope scope);

        /** The locks are not held; the body must not run. */
        void refused(Throwable why);

        /** The scope has reached its maximum hold time; {@link AsyncScopeGuard#end} returns the failure. */
        void expired();
    }

    private static final Logger log = LoggerFactory.getLogger(AsyncScopeGuard.class);
    private static final Object WAITING = new Object();

    /** @param loss the reason why the locks were not held throughout, as the caller sees it, or null */
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
     * Releases the locks after the work has ended.
     *
     * @return the reason why they were not held throughout, as the caller sees it, or null
     */
    Throwable end() {
        if (state.get() instanceof LockScope scope) {
            Ended ended = new Ended(lossOf(scope));
            if (state.compareAndSet(scope, ended)) {
                Throwable failure = close(scope);
                if (ended.loss == null && failure != null) {
                    state.set(new Ended(failure));
                }
            }
        }
        return loss();
    }

    /**
     * Closes the scope.
     *
     * @return the reason why a transaction of the application may outlive the locks, or null
     */
    private Throwable close(LockScope scope) {
        try {
            scope.close();
            return null;
        } catch (FloodlockFailure failure) {
            return body.toCaller(failure);
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

    /** The result of {@link #end}; null before. */
    Throwable loss() {
        return state.get() instanceof Ended ended ? ended.loss : null;
    }

    /** Cancels the call, whether its body has begun or not: releases the locks, or cancels the acquisition. */
    void cancel() {
        if (!callOff() && state.get() instanceof LockScope scope && state.compareAndSet(scope, ENDED)) {
            Throwable failure = close(scope);
            if (failure != null) {
                log.error(
                        "A cancelled call released its locks, but a transaction around it may still be open", failure);
            }
        }
    }

    /**
     * Cancels the call only if its locks are not acquired yet.
     *
     * @return whether it was cancelled; false if the body has begun or the call has ended
     */
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
