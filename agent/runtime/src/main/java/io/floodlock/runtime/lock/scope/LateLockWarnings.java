package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.OpenTransaction;
import io.floodlock.runtime.lock.OpenTransactions;
import io.floodlock.runtime.time.Scheduler;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns, once per call site, about locks that are acquired when the application's own transaction has already begun.
 * Such a lock protects until the transaction ends, but a transaction that began earlier can cause a deadlock or read
 * old data: it may hold a pooled connection while its thread waits, and its snapshot may be older than the lock.
 * {@code LeaseLockEngine} and {@code ThreadAcquirer} call this class for acquisitions by threads. Thread-safe.
 */
public final class LateLockWarnings {

    private static final Logger log = LoggerFactory.getLogger(LateLockWarnings.class);

    /** A wait of this length is caused by another holder, not by the time that Redis takes to answer. */
    private static final long WAITING_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Scheduler timer;
    private final OpenTransactions transactions;
    private final Set<String> waited = ConcurrentHashMap.newKeySet();
    private final Set<String> looked = ConcurrentHashMap.newKeySet();

    public LateLockWarnings(Scheduler timer, OpenTransactions transactions) {
        this.timer = timer;
        this.transactions = transactions;
    }

    /**
     * The calling thread is about to wait for a key.
     *
     * @return the task to cancel when the wait ends; null if no warning is needed
     */
    public Scheduler.Task waiting(LockRequest request, String site) {
        if (waited.contains(site)) {
            return null;
        }
        for (OpenTransaction open : transactions.ofThread()) {
            if (open.hasConnection()) {
                return timer.after(WAITING_NANOS, () -> warnOfWaiting(request, site));
            }
        }
        return null;
    }

    private void warnOfWaiting(LockRequest request, String site) {
        if (waited.add(site)) {
            log.warn(
                    "{} waits for the lock '{}' while its thread has an open transaction that holds a connection. If"
                            + " the lock's holder needs a connection too, and such waiters have exhausted the pool,"
                            + " they wait for each other until waitTime has passed. Take the lock in the method that"
                            + " begins the transaction, or outside it. (Logged once per call site.)",
                    site,
                    request.name());
        }
    }

    /** The calling thread has acquired at least one of these keys; it did not re-enter all of them. */
    public void taken(List<LockRequest> requests, LockTerms terms) {
        List<? extends OpenTransaction> around = transactions.ofThread();
        // a fenced scope needs no warning: its claim fails in the database
        if (around.isEmpty() || terms.fenced() || looked.contains(terms.site())) {
            return;
        }
        for (OpenTransaction open : around) {
            // finding the isolation level may need a query to the database: at most one for each call site
            if (open.hasWorked() && looked.add(terms.site()) && open.keepsSnapshot()) {
                log.warn(
                        "{} has taken the lock '{}' in a transaction that has already read data and whose isolation"
                                + " level keeps showing that snapshot. It may not see the writes of the lock's previous"
                                + " holder. Take the lock in the method that begins the transaction, or use READ"
                                + " COMMITTED. (Logged once per call site.)",
                        terms.site(),
                        requests.get(0).name());
            }
        }
    }
}
