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

/** What an acquisition wants and has, whether a thread waits for it or not. Used by one thread at a time. */
final class Acquisition {

    /** Between attempts to connect. */
    static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

    /** How long Redis's answer is awaited by one who doesn't wait for other holders. */
    static final Duration ANSWER_PATIENCE = Duration.ofSeconds(3);

    private final LockStore store;
    private final LockTable locks;
    private final InversionDetector order;
    final LockTerms terms;
    final Scope scope;
    final boolean waits;

    /** Each name once; the first is the one that messages name while none has been tried. */
    final List<LockRequest> requests;

    private final Caller who;
    private List<LockRequest> wanted;

    /** The open scopes in which it is asked for, as far as they bear on it. */
    private List<Scope> around = List.of();

    /** When it began to wait, by nanoTime; 0 before. */
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

    /** Re-enters what scopes around this thread hold. Before anything is waited for, so that they can't close meanwhile. */
    void reenter(ScopeStack scopes) {
        if (scope.alone()) {
            wanted = requests;
            return;
        }
        wanted = new ArrayList<>(requests.size());
        for (LockRequest request : requests) {
            Holding held = scopes.reentrant(request, terms.site());
            if (held == null) {
                wanted.add(request);
            } else {
                scope.reenter(held);
            }
        }
        if (waits && !wanted.isEmpty()) {
            around = scopes.around();
        }
    }

    /** Whether all keys are held. */
    boolean complete() {
        return wanted.isEmpty();
    }

    /** How long the first connection may take in all; it isn't counted where it succeeds. */
    Duration connectPatience() {
        return terms.waitTime().compareTo(CONNECT_PATIENCE) > 0 ? terms.waitTime() : CONNECT_PATIENCE;
    }

    /** Whether a connection that was asked for at {@code since}, and refused, is worth another attempt. */
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

    /** Puts what is to be taken in its order. */
    void begin(Buckets names) {
        wanted = AcquisitionOrder.sorted(wanted, names);
        watchOrder(names);
    }

    private void watchOrder(Buckets names) {
        for (int i = 0; i < around.size(); i++) {
            Scope outer = around.get(i);
            order.nested(outer.requests(), outer.site(), wanted, terms.site(), names);
        }
        if (waits && wanted.size() > 1) {
            order.together(wanted, terms.site(), names);
        }
    }

    List<LockRequest> wanted() {
        return wanted;
    }

    /** Until when it waits, by nanoTime; counted from the first key that wasn't free at once. */
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

    /** Whether the key was here, free, and is now held. */
    boolean enterByGate(LockRequest request) {
        Holding entry = locks.enterIfFree(request, who, false);
        if (entry == null) {
            return false;
        }
        scope.add(entry);
        return true;
    }

    /** Takes over what a waiter got for {@code request}, or says why nothing. */
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
