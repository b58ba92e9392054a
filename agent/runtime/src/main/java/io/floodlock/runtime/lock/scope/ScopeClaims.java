package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.local.Holding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * The fence claims of one fenced scope, one for each of its keys, and the rest of its wait time, which they share.
 * {@code Scope} makes it at the request and fills it when all keys are held. Thread-safe.
 */
final class ScopeClaims {

    private static final AtomicLongFieldUpdater<ScopeClaims> LEFT =
            AtomicLongFieldUpdater.newUpdater(ScopeClaims.class, "leftNanos");

    /** When the scope was requested, by nanoTime. */
    private final long askedNanos = System.nanoTime();

    /** What is left of the scope's wait time; set by {@link #make}. */
    private volatile long leftNanos;

    private volatile List<FenceClaim> all = List.of();

    /** Makes the claims. From now on, only waiting in databases takes wait time. */
    void make(List<Holding> entries, LockTerms terms) {
        leftNanos = terms.waitTime().toNanos() - (System.nanoTime() - askedNanos);
        List<FenceClaim> made = new ArrayList<>();
        for (Holding entry : entries) {
            made.add(new ScopeClaim(entry, terms.site(), this));
        }
        all = List.copyOf(made);
    }

    /** Empty before {@link #make}. */
    List<FenceClaim> all() {
        return all;
    }

    long leftNanos() {
        return leftNanos;
    }

    void waited(long nanos) {
        LEFT.addAndGet(this, -nanos);
    }
}
