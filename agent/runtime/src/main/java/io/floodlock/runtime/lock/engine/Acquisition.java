package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.local.Holding;
import io.floodlock.runtime.lock.local.LocalLock;
import io.floodlock.runtime.lock.local.LockTable;
import io.floodlock.runtime.lock.local.Waiter;
import io.floodlock.runtime.lock.scope.Scope;
import io.floodlock.runtime.lock.scope.ScopeStack;
import io.floodlock.runtime.lock.store.Buckets;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.HolderInfo;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.lock.store.LockStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The state of one attempt to hold all keys of a request: the requested keys, the keys still to be acquired, and the
 * deadline. It holds the rules that acquisitions by threads ({@code ThreadAcquirer}) and asynchronous ones
 * ({@code AsyncAcquisition}) share: re-entry first, then one fixed order of keys, and the failure to report. Used by
 * one thread at a time.
 */
final class Acquisition {

    /** The pause between attempts to connect: 100 ms. */
    static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

    /** How long a call that does not wait for other holders waits for Redis's answer: 3 s. */
    static final Duration ANSWER_PATIENCE = Duration.ofSeconds(3);

    private final LockStore store;
    private final LockTable locks;
    private final InversionDetector order;
    final LockTerms terms;
    final Scope scope;
    final boolean waits;

    /** Each name once. The first is the one that messages name while no key has been tried. */
    final List<LockRequest> requests;

    private final Caller who;
    private List<LockRequest> toAcquire;

    /**
     * The open scopes around the request, collected only if their key order matters: for an acquisition that waits.
     */
    private List<Scope> around = List.of();

    /** When it began to wait, by nanoTime; 0 before that. */
    private long start;

    Acquisition(
            LockStore store,
            LockTable locks,
            InversionDetector order,
            Scope scope,
            Caller who,
            List<LockRequest> requests,
            LockTerms terms) {
        this.store = store;
        this.locks = locks;
        this.order = order;
        this.scope = scope;
        this.terms = terms;
        this.waits = !terms.waitTime().isZero();
        this.requests = AcquisitionOrder.distinct(requests);
        this.who = who;
        if (scope != null) {
            scope.want(this.requests);
        }
    }

    /**
     * Re-enters the keys that scopes around this thread hold. It runs before any waiting, so that those scopes cannot
     * close in the meantime.
     */
    void reenter(ScopeStack scopes) {
        if (scope.alone()) {
            toAcquire = requests;
            return;
        }
        toAcquire = new ArrayList<>(requests.size());
        for (LockRequest request : requests) {
            Holding held = scopes.reentrant(request, terms.site());
            if (held == null) {
                toAcquire.add(request);
            } else {
                scope.reenter(held);
            }
        }
        if (waits && !toAcquire.isEmpty()) {
            around = scopes.around();
        }
    }

    /** Whether all keys are held. */
    boolean complete() {
        return toAcquire.isEmpty();
    }

    /**
     * How long the first connection may take in total: the wait time, but at least 5 s. A connection that succeeds
     * does not count against the wait time.
     */
    Duration connectPatience() {
        return terms.waitTime().compareTo(CONNECT_PATIENCE) > 0 ? terms.waitTime() : CONNECT_PATIENCE;
    }

    /** Whether to try to connect again after an attempt, requested at {@code since}, has failed. */
    boolean connectsAgain(long since, FloodlockFailure refusal) {
        return !store.isPermanent(refusal)
                && System.nanoTime() - since + RETRY_NANOS < terms.waitTime().toNanos();
    }

    FloodlockFailure unanswered() {
        return unanswered(requests.get(0));
    }

    private FloodlockFailure unanswered(LockRequest request) {
        return LockFailures.unanswered(store.address(), request.name(), terms.site());
    }

    /** Sorts the keys into the order of acquisition. */
    void begin(Buckets names) {
        toAcquire = AcquisitionOrder.sorted(toAcquire, names);
        watchOrder(names);
    }

    private void watchOrder(Buckets names) {
        for (int i = 0; i < around.size(); i++) {
            Scope outer = around.get(i);
            order.nested(outer.requests(), outer.site(), toAcquire, terms.site(), names);
        }
        if (waits && toAcquire.size() > 1) {
            order.together(toAcquire, terms.site(), names);
        }
    }

    List<LockRequest> toAcquire() {
        return toAcquire;
    }

    /** When it stops waiting, by nanoTime. Time counts from the first key that was not free at once. */
    long deadline() {
        if (start == 0) {
            long now = System.nanoTime();
            start = now == 0 ? 1 : now;
        }
        return start + (waits ? terms.waitTime() : ANSWER_PATIENCE).toNanos();
    }

    Caller who() {
        return who;
    }

    /** Acquires the key by the fast path. Returns true if this JVM had the key, it was free, and it is held now. */
    boolean enterByFastPath(LockRequest request) {
        Holding entry = locks.enterIfFree(request, who, false);
        if (entry == null) {
            return false;
        }
        scope.add(entry);
        return true;
    }

    /**
     * Adds the Holding that a waiter got for {@code request} to the scope, or returns the failure of an unsuccessful
     * wait; null on success.
     */
    FloodlockFailure conclude(LocalLock lock, Waiter waiter, LockRequest request) {
        if (waiter.end() == Waiter.End.ENTERED) {
            scope.add(waiter.entry());
            return null;
        }
        if (waiter.end() == Waiter.End.CLOSING) {
            return LockFailures.closing();
        }
        if (waiter.failure() != null) {
            return Failure.UNAVAILABLE.because(
                    waiter.failure().getMessage() + " Wanted: the lock '" + request.name() + "' at " + terms.site(),
                    waiter.failure());
        }
        if (waiter.unanswered()) {
            return unanswered(request);
        }
        HolderInfo holder = waiter.refused() != null ? waiter.refused() : lock.holder();
        long waited = waits ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) : -1;
        return LockFailures.timeout(request, terms.site(), waited, holder, waiter.ahead());
    }
}
