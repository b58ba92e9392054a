package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.local.LocalLock;
import io.floodlock.runtime.lock.local.LockTable;
import io.floodlock.runtime.lock.local.Waiter;
import io.floodlock.runtime.lock.scope.ScopeStack;
import io.floodlock.runtime.lock.store.Buckets;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.lock.store.LockStore;
import io.floodlock.runtime.lock.store.Services;
import io.floodlock.runtime.time.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An acquisition that no thread waits for; it holds all its keys or none when the listener is called.
 * {@code LeaseLockEngine.acquireAsync} makes it and begins it; the caller may cancel it through
 * {@code LockEngine.Pending}. Read the state description below first. Thread-safe.
 */
final class AsyncAcquisition implements LockEngine.Pending {

    /*
     * CONNECTING  Waits for the layout, or for the next attempt to get it.
     * TAKING      Acquires the keys one after another in their order. If a key is not free at once, a waiter stands
     *             in that key's queue. When all keys are held, their minimum hold is recorded if one is set
     *             (MinimumHold).
     * DECIDED     All keys are held, or none. The thread that decided calls the listener, outside the mutex.
     * CANCELLED   No key is held. The listener is never called about a result.
     *
     * Every event is processed under the mutex, and no event has an effect after DECIDED or CANCELLED. So exactly one
     * of grant, refusal, deadline, JVM shutdown and cancel() wins, and the winner keeps or gives back what the
     * acquisition has got so far.
     *   - If cancel() finds a waiter in a queue, it withdraws the waiter. If the key was granted just before, the
     *     waiter has its Holding, and nobody has taken that over yet because taking over needs the mutex. So cancel()
     *     calls leave() on the Holding. The wake-up that arrives later finds CANCELLED.
     *   - If cancel() runs when the last key is held and the mutex has not yet been taken to record that, cancel()
     *     wins too.
     *   - The deadline's timer ends the waiter, not the acquisition. It does so under the lock's mutex, where a grant
     *     may have been first.
     * All these steps are short and never block, so cancel() may wait for the mutex. While this mutex is held, other
     * locks are taken only in this order: this mutex, then the mutex of one local lock. A wake-up may run under
     * another acquisition's mutex, so it only hands a task to the pool.
     *
     * If the listener has to wait, listener.waits() is called first, on the calling thread and outside the mutex,
     * because the listener's code is not ours. Events that arrive before waits() has returned are postponed.
     *
     * The steps run on the calling thread until the acquisition has to wait, and after that on threads of the pool
     * for listeners, so that a step that decides can call the listener at once.
     */

    private static final Logger log = LoggerFactory.getLogger(AsyncAcquisition.class);

    private enum State {
        CONNECTING,
        TAKING,
        DECIDED,
        CANCELLED
    }

    private final Services services;
    private final LockTable locks;
    private final LockStore store;
    private final Acquisition acquisition;
    private final LockEngine.Listener listener;

    private final ReentrantLock mutex = new ReentrantLock();
    private State state = State.CONNECTING;
    private Buckets names;
    private final long asked = System.nanoTime();
    private FloodlockFailure refusal;

    /** Steps postponed until {@code listener.waits()} has returned; null before and after that. */
    private List<Supplier<Runnable>> postponed;

    /**
     * The index of the key being acquired. The next three fields are its lock, the waiter in its queue, and the timer
     * that ends the waiter; the waiter is null while none is in a queue.
     */
    private int next;

    private LocalLock lock;
    private Waiter waiter;
    private Scheduler.Task timeout;

    /** Whether all held keys have been given back. */
    private boolean withdrawn;

    AsyncAcquisition(
            Services services,
            LockTable locks,
            LockStore store,
            Acquisition acquisition,
            LockEngine.Listener listener) {
        this.services = services;
        this.locks = locks;
        this.store = store;
        this.acquisition = acquisition;
        this.listener = listener;
    }

    private final class Woken extends Waiter {

        Woken(LockRequest request) {
            super(request.mode(), acquisition.waits, acquisition.who(), null);
        }

        @Override
        public boolean competes() {
            return false;
        }

        @Override
        public void wake() {
            Runnable step = () -> run(() -> woken(this));
            if (end() == End.ENTERED) {
                handOver(step);
            } else {
                // a caller whose wait ended without the key learns so in time, however many bodies wait for a thread
                handOverFirst(step);
            }
        }
    }

    /** Called once, by the requesting thread. */
    void begin(ScopeStack scopes) {
        run(() -> {
            acquisition.reenter(scopes);
            names = store.known();
            Runnable decided = names != null || acquisition.complete() ? take() : connect();
            if (decided == null) {
                postponed = new ArrayList<>(0);
            }
            return decided;
        });
        if (postponed != null) {
            notifyListener(listener::waits);
            goOn();
        }
    }

    private void goOn() {
        List<Supplier<Runnable>> steps;
        mutex.lock();
        try {
            steps = postponed;
            postponed = null;
        } finally {
            mutex.unlock();
        }
        for (Supplier<Runnable> step : steps) {
            run(step);
        }
    }

    @Override
    public boolean cancel() {
        mutex.lock();
        try {
            if (state == State.DECIDED) {
                return false;
            }
            if (state != State.CANCELLED) {
                state = State.CANCELLED;
                withdraw();
            }
            return true;
        } finally {
            mutex.unlock();
        }
    }

    /** Runs a step under the mutex, then calls the listener if the step decided. */
    private void run(Supplier<Runnable> step) {
        Runnable decided;
        mutex.lock();
        try {
            if (postponed != null) {
                postponed.add(step);
                return;
            }
            decided = step.get();
        } catch (RuntimeException | Error e) {
            // first, because reporting the failure needs memory
            withdraw();
            decided = fail(
                    e instanceof FloodlockFailure known
                            ? known
                            : Failure.UNAVAILABLE.because("Locks could not be acquired; unexpected error: " + e, e));
        } finally {
            mutex.unlock();
        }
        if (decided != null) {
            notifyListener(decided);
        }
    }

    private static void notifyListener(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            log.error("The listener of an asynchronous lock acquisition threw an exception; it is ignored", e);
        }
    }

    private void later(Supplier<Runnable> step) {
        handOver(() -> run(step));
    }

    private void handOver(Runnable task) {
        try {
            services.asyncThreads().execute(task);
        } catch (OutOfMemoryError e) {
            // no thread could be created; the task must run all the same, so try again later
            services.timer().after(Acquisition.RETRY_NANOS, () -> handOver(task));
        }
    }

    private void handOverFirst(Runnable task) {
        try {
            services.asyncThreads().executeFirst(task);
        } catch (OutOfMemoryError e) {
            services.timer().after(Acquisition.RETRY_NANOS, () -> handOverFirst(task));
        }
    }

    private Runnable connect() {
        if (locks.closing()) {
            return fail(LockFailures.closing());
        }
        if (timeout == null) {
            timeout = services.timer()
                    .after(acquisition.connectPatience().toNanos(), () -> handOverFirst(() -> run(this::notConnected)));
        }
        store.buckets().whenComplete((made, failure) -> later(() -> connected(made, failure)));
        return null;
    }

    private Runnable connected(Buckets made, Throwable failure) {
        if (state != State.CONNECTING) {
            return null;
        }
        if (failure == null) {
            timeout.cancel();
            names = made;
            return take();
        }
        refusal = store.explain(failure);
        if (locks.closing() || !acquisition.connectsAgain(asked, refusal)) {
            return fail(refusal);
        }
        services.timer()
                .after(Acquisition.RETRY_NANOS, () -> later(() -> state == State.CONNECTING ? connect() : null));
        return null;
    }

    private Runnable notConnected() {
        if (state != State.CONNECTING) {
            return null;
        }
        // the last failure that Redis reported says more than the silence of this attempt
        return fail(refusal != null ? refusal : acquisition.unanswered());
    }

    private Runnable take() {
        if (state == State.CONNECTING) {
            state = State.TAKING;
            if (!acquisition.complete()) {
                acquisition.begin(names);
            }
        }
        List<LockRequest> wanted = acquisition.toAcquire();
        for (; next < wanted.size(); next++) {
            LockRequest request = wanted.get(next);
            if (waiter == null && acquisition.enterByFastPath(request)) {
                continue;
            }
            if (waiter == null && !enter(request)) {
                return null;
            }
            Waiter ended = waiter;
            waiter = null;
            FloodlockFailure failure = acquisition.conclude(lock, ended, request);
            if (failure != null) {
                return fail(failure);
            }
        }
        if (acquisition.terms.minHold() == null) {
            return acquired();
        }
        MinimumHold.record(acquisition.scope).whenKnown(failure -> later(() -> recorded(failure)));
        return null;
    }

    private Runnable recorded(FloodlockFailure failure) {
        if (state != State.TAKING) {
            return null;
        }
        return failure == null ? acquired() : fail(failure);
    }

    private Runnable acquired() {
        state = State.DECIDED;
        acquisition.scope.open(this::expired);
        return () -> listener.acquired(acquisition.scope);
    }

    /** Puts a waiter into the key's queue. Returns whether the wait ended at once. */
    private boolean enter(LockRequest request) {
        long deadline = acquisition.deadline();
        Woken woken = new Woken(request);
        LocalLock entered = locks.enter(request.name(), names, woken);
        lock = entered;
        waiter = woken;
        if (woken.ended()) {
            return true;
        }
        timeout = services.timer()
                .after(Math.max(0, deadline - System.nanoTime()), () -> entered.abandon(woken, Waiter.End.TIMED_OUT));
        return false;
    }

    private Runnable woken(Woken woken) {
        if (state != State.TAKING || waiter != woken) {
            // cancelled, or the thread that queued the waiter has already seen it ended
            return null;
        }
        timeout.cancel();
        return take();
    }

    private Runnable fail(FloodlockFailure failure) {
        state = State.DECIDED;
        withdraw();
        return () -> listener.failed(failure);
    }

    /** Withdraws the waiter and gives back all keys. */
    private void withdraw() {
        if (timeout != null) {
            timeout.cancel();
        }
        Waiter last = waiter;
        waiter = null;
        try {
            if (last != null) {
                lock.abandon(last, Waiter.End.WITHDRAWN);
                if (last.entry() != null) {
                    last.entry().leave();
                }
            }
        } finally {
            if (!withdrawn) {
                withdrawn = true;
                acquisition.scope.giveUp();
            }
        }
    }

    private void expired() {
        handOverFirst(() -> notifyListener(listener::expired));
    }
}
