package io.floodlock.runtime.async;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;
import java.util.concurrent.atomic.AtomicReference;

/** Takes the locks of one asynchronous call, and gives them back exactly once. Thread-safe; never blocks. */
final class Guard implements LockEngine.Listener {

    /*
     *   WAITING ---- acquired ----> open (the scope) ---- end, cancel ----> ENDED
     *      |                                                                  ^
     *      +---- failed, cancel ----------------------------------------------+
     *
     * Every arrow is one atomic exchange, so one of two that race finds the other's result and acts on it:
     *   - cancel before acquired: the acquisition is called off; where it comes nevertheless, its scope is closed at once;
     *   - cancel before begin() knows what it has begun: begin() looks again afterwards, and calls it off;
     *   - end and cancel: whoever comes first closes the scope, the other finds nothing.
     *   - expired before acquired, which a stalled thread may bring about: acquired finds it, and ends what it was given.
     * The client hears opened() or refused() at most once, and neither after a cancel that came first.
     */

    /** What the guard tells its call. */
    interface Client {

        /** The locks are held; the body may run in that scope. */
        void opened(LockScope scope);

        /** The locks are not held; the body must not run. */
        void refused(Throwable why);

        /** The locks have been held for as long as they may; {@link Guard#end} tells the failure. */
        void expired();
    }

    private static final Object WAITING = new Object();
    private static final Object ENDED = new Object();

    private final AsyncBody body;
    private final Client client;
    private final AtomicReference<Object> state = new AtomicReference<>(WAITING);
    private volatile LockEngine.Pending pending;
    private volatile boolean expired;

    Guard(AsyncBody body, Client client) {
        this.body = body;
        this.client = client;
    }

    void begin() {
        if (state.get() == ENDED) {
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
        if (state.get() == ENDED) {
            pending.cancel();
        }
    }

    @Override
    public void acquired(LockScope scope) {
        if (!state.compareAndSet(WAITING, scope)) {
            scope.close();
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
            client.refused(body.toCaller(failure));
        }
    }

    @Override
    public void expired() {
        expired = true;
        if (state.get() != WAITING) {
            client.expired();
        }
    }

    /** The work has ended: gives the locks back. Answers why they were not held throughout, as the caller is to see it, or null. */
    Throwable end() {
        if (!(state.getAndSet(ENDED) instanceof LockScope scope)) {
            return null;
        }
        try {
            scope.verify();
            return null;
        } catch (FloodlockFailure lost) {
            return body.toCaller(lost);
        } finally {
            scope.close();
        }
    }

    /** Nobody wants the work any more, begun or not. */
    void cancel() {
        if (!callOff() && state.getAndSet(ENDED) instanceof LockScope scope) {
            scope.close();
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
