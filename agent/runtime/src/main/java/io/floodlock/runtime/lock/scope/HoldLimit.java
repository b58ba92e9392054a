package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.lock.local.Holding;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.lock.store.Services;
import io.floodlock.runtime.time.Scheduler;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code maxHold} timer of one open scope. When {@code maxHold} has passed, the scope is lost and the
 * {@code Holding}s that it acquired itself are evicted, so that other callers can acquire the keys.
 * {@code Scope.open} starts it. Thread-safe.
 */
final class HoldLimit {

    private static final Logger log = LoggerFactory.getLogger(HoldLimit.class);

    private final Scope scope;
    private final Services services;
    private final Runnable expired;
    private final long openedNanos = System.nanoTime();
    private final Scheduler.Task task;

    /**
     * @param expired called once, on the timer's thread, if the scope is still open when {@code maxHold} has passed
     */
    HoldLimit(Scope scope, Services services, Runnable expired) {
        this.scope = scope;
        this.services = services;
        this.expired = expired;
        this.task = services.timer().after(scope.terms().maxHold().toNanos(), this::expire);
    }

    /** The scope has closed: ends the timer unless a key that the scope acquired itself is still held. */
    void scopeClosed() {
        for (Holding entry = scope.lastOwned(); entry != null; entry = entry.takenBefore()) {
            if (!entry.gone()) {
                return;
            }
        }
        task.cancel();
    }

    /** Runs on the timer's thread. */
    private void expire() {
        List<Holding> mine = scope.owned();
        List<String> names = new ArrayList<>();
        for (Holding entry : mine) {
            if (!entry.gone()) {
                names.add(entry.name());
            }
        }
        boolean open = !scope.closed();
        if (!open && names.isEmpty()) {
            return;
        }
        String why = LockFailures.expired(scope.terms(), System.nanoTime() - openedNanos);
        // first: another scope may enter as soon as one of these has left
        scope.lose(why);
        for (Holding entry : mine) {
            if (!entry.gone()) {
                entry.evict(why);
            }
        }
        services.agentThreads().execute(() -> {
            log.warn("The locks {} are released: {}. Commits of this call are vetoed and the call fails.", names, why);
            for (String name : names) {
                services.events().lockLost(name, why);
            }
        });
        if (open) {
            expired.run();
        }
    }
}
