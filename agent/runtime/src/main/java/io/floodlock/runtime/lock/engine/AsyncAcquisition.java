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

/** An acquisition that no thread waits for. Thread-safe. */
final class AsyncAcquisition implements LockEngine.Pending {

    /*
     * CONNECTING  waits for the layout, or for the next attempt to get it
     * TAKING      takes key after key in their order; where one isn't free at once, its waiter stands in that key's queue. Then
     *             their minimum hold is recorded, where there is one (MinimumHold)
     * DECIDED     all keys are held, or none: the listener is told, by who decided and outside the mutex
     * CANCELLED   none are held; the listener is never told
     *
     * Whatever happens is looked at under the mutex, and nothing counts any more once it is decided or cancelled: so one of
     * grant, refusal, deadline, end of the JVM and cancel() wins, and who wins settles what the others have got so far.
     *   - cancel() finds a waiter in a queue and withdraws it. If the key was granted just before, the waiter has its entry,
     *     which nobody has taken over yet as that needs the mutex: cancel() leaves it. The wake-up that comes later finds
     *     CANCELLED.
     *   - cancel() comes when the last key is held and the mutex not yet taken to say so: as before, it wins.
     *   - the deadline's timer ends the waiter, not the acquisition: under the lock's mutex, where a grant may have been first.
     * All are short and never block, so cancel() may wait for the mutex. Locks are taken under it, in this order only: this
     * mutex, then that of one local lock. A wake-up, which may come under another acquisition's mutex, only hands over to the pool.
     *
     * A listener that has to wait is told so first, on the calling thread and outside the mutex, as its code is not ours: what
     * happens until it has returned is postponed.
     *
     * The steps run on the calling thread as long as nothing is to be waited for, then on threads of the pool for listeners,
     * so that a step that decides can tell the listener at once.
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

    /** What is to happen once the listener has been told that it has to wait; null before and after that. */
    private List<Supplier<Runnable>> postponed;

    /** The key being taken, the waiter in its queue, and what ends it in time; null while in none. */
    private int next;

    private LocalLock lock;
    private Waiter waiter;
    private Scheduler.Task timeout;

    /** What was held has been given back. */
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
                // who gives up is told so in time, however many bodies wait for a thread
                handOverFirst(step);
            }
        }
    }

    /** Called once, by the thread that asks. */
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
            tell(listener::waits);
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

    /** Runs a step under the mutex, then tells the listener what it decided, if anything. */
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
            // first, as to tell of it takes memory
            withdraw();
            decided = fail(
                    e instanceof FloodlockFailure known
                            ? known
                            : Failure.UNAVAILABLE.because("Locks could not be taken: " + e, e));
        } finally {
            mutex.unlock();
        }
        if (decided != null) {
            tell(decided);
        }
    }

    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            log.error("A listener of an asynchronous acquisition failed", e);
        }
    }

    private void later(Supplier<Runnable> step) {
        handOver(() -> run(step));
    }

    private void handOver(Runnable task) {
        try {
            services.asyncThreads().execute(task);
        } catch (OutOfMemoryError e) {
            // no thread could be made; what was decided must still be told
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
        // what Redis has said says more than that it was silent this time
        return fail(refusal != null ? refusal : acquisition.unanswered());
    }

    private Runnable take() {
        if (state == State.CONNECTING) {
            state = State.TAKING;
            if (!acquisition.complete()) {
                acquisition.begin(names);
            }
        }
        List<LockRequest> wanted = acquisition.wanted();
        for (; next < wanted.size(); next++) {
            LockRequest request = wanted.get(next);
            if (waiter == null && acquisition.enterByGate(request)) {
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

    /** Whether it ended at once. */
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
            // cancelled, or seen to have ended by who put it in the queue
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

    /** Leaves nothing held nor wanted. */
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
        handOverFirst(() -> tell(listener::expired));
    }
}
