package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.lock.local.LocalLock;
import io.floodlock.runtime.lock.local.LockTable;
import io.floodlock.runtime.lock.local.ThreadWaiter;
import io.floodlock.runtime.lock.local.Waiter;
import io.floodlock.runtime.lock.scope.LateLockWarnings;
import io.floodlock.runtime.lock.store.Buckets;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.lock.store.LockStore;
import io.floodlock.runtime.time.Scheduler;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Carries out acquisitions for which the calling thread waits: for the first connection to Redis, then for one key
 * after another. {@code LeaseLockEngine} has one. See {@code AsyncAcquisition} for acquisitions that no thread waits
 * for. Thread-safe; waiting never pins a virtual thread.
 */
final class ThreadAcquirer {

    private final LockStore store;
    private final LockTable locks;
    private final LateLockWarnings late;

    ThreadAcquirer(LockStore store, LockTable locks, LateLockWarnings late) {
        this.store = store;
        this.locks = locks;
        this.late = late;
    }

    /** Acquires all keys that are still to be acquired, or fails. The caller gives back those it has got. */
    void take(Acquisition acquisition) {
        Buckets names = buckets(acquisition);
        acquisition.begin(names);
        for (LockRequest request : acquisition.toAcquire()) {
            if (acquisition.enterByFastPath(request)) {
                continue;
            }
            long deadline = acquisition.deadline();
            ThreadWaiter waiter = new ThreadWaiter(request.mode(), acquisition.waits, acquisition.who(), null);
            LocalLock lock = locks.enter(request.name(), names, waiter);
            try {
                await(lock, waiter, deadline, request, acquisition);
                FloodlockFailure failure = acquisition.conclude(lock, waiter, request);
                if (failure != null) {
                    throw failure;
                }
            } catch (Error e) {
                // no other code would give back a key that the waiter may have got
                waiter.withdraw(lock);
                throw e;
            }
        }
    }

    private void await(
            LocalLock lock, ThreadWaiter waiter, long deadline, LockRequest request, Acquisition acquisition) {
        String site = acquisition.terms.site();
        Scheduler.Task watch = waiter.ended() ? null : late.waiting(request, site);
        try {
            await(lock, waiter, deadline, request, site);
        } finally {
            if (watch != null) {
                watch.cancel();
            }
        }
    }

    private void await(LocalLock lock, ThreadWaiter waiter, long deadline, LockRequest request, String site) {
        try {
            waiter.await(lock, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LockFailures.interrupted(request, site);
        }
    }

    /**
     * Acquires the only key of the acquisition for this JVM as a whole, if it is free; empty if it isn't. Waits for
     * Redis's answer only.
     */
    Optional<Ownership> tryOwn(Acquisition acquisition, Ownership.Listener listener) {
        LockRequest request = acquisition.requests.get(0);
        Buckets names = buckets(acquisition);
        ThreadWaiter waiter = new ThreadWaiter(LockMode.EXCLUSIVE, false, acquisition.who(), listener);
        LocalLock lock = locks.enter(request.name(), names, waiter);
        long deadline = System.nanoTime() + Acquisition.ANSWER_PATIENCE.toNanos();
        try {
            await(lock, waiter, deadline, request, acquisition.terms.site());
        } catch (Error e) {
            // no other code would give back a key that the waiter may have got
            waiter.withdraw(lock);
            throw e;
        }
        if (waiter.end() != Waiter.End.ENTERED) {
            if (waiter.end() == Waiter.End.CLOSING) {
                throw LockFailures.closing();
            }
            if (waiter.failure() != null) {
                throw waiter.failure();
            }
            if (waiter.unanswered()) {
                throw acquisition.unanswered();
            }
            return Optional.empty();
        }
        try {
            return Optional.of(new HeldOwnership(waiter.entry(), waiter.entry().token(Acquisition.ANSWER_PATIENCE)));
        } catch (RuntimeException | Error e) {
            waiter.entry().leave();
            throw e;
        }
    }

    /** Returns the buckets. Waits for the first connection, and fails if it cannot be made in time. */
    private Buckets buckets(Acquisition acquisition) {
        Buckets known = store.known();
        if (known != null) {
            return known;
        }
        long asked = System.nanoTime();
        long answerBy = asked + acquisition.connectPatience().toNanos();
        FloodlockFailure last = null;
        while (true) {
            if (locks.closing()) {
                throw LockFailures.closing();
            }
            try {
                return store.buckets().get(Math.max(0, answerBy - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                last = store.explain(e);
                if (!acquisition.connectsAgain(asked, last)) {
                    throw last;
                }
                LockSupport.parkNanos(this, Acquisition.RETRY_NANOS);
            } catch (TimeoutException e) {
                // the last failure that Redis reported says more than the silence of this attempt
                throw last != null ? last : acquisition.unanswered();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw LockFailures.interrupted(acquisition.requests.get(0), acquisition.terms.site());
            }
        }
    }
}
