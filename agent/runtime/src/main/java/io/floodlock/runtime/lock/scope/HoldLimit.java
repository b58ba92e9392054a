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
 * The {@code maxHold} of one open scope: past it the scope is lost, and the entries that it made are evicted.
 * Thread-safe.
 */
final class HoldLimit {

    private static final Logger log = LoggerFactory.getLogger(HoldLimit.class);

    private final Scope scope;
    private final Services services;
    private final Runnable expired;
    private final long openedNanos = System.nanoTime();
    private final Scheduler.Task task;

    /** @param expired called once if the scope is open then */
    HoldLimit(Scope scope, Services services, Runnable expired) {
        this.scope = scope;
        this.services = services;
        this.expired = expired;
        this.task = services.timer().after(scope.terms().maxHold().toNanos(), this::expire);
    }

    void cancel() {
        task.cancel();
    }

    /** On the timer's thread. */
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
        // first, as another may be inside as soon as an entry has left
        scope.lose(why);
        for (Holding entry : mine) {
            if (!entry.gone()) {
                entry.evict(why);
            }
        }
        services.agentThreads().execute(() -> {
            log.warn("The locks {} are given back: {}. Its commits are vetoed and it fails.", names, why);
            for (String name : names) {
                services.events().lockLost(name, why);
            }
        });
        if (open) {
            expired.run();
        }
    }
}
