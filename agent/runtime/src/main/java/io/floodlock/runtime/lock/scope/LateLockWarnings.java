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
 * Warns, once for each call, of locks that are taken when a transaction of the application's own has begun already. They
 * protect until its end, but what has begun before them may hurt. Thread-safe.
 */
public final class LateLockWarnings {

    private static final Logger log = LoggerFactory.getLogger(LateLockWarnings.class);

    /** A wait this long is one for another holder, rather than for Redis's answer. */
    private static final long WAITING_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Scheduler timer;
    private final OpenTransactions transactions;
    private final Set<String> waited = ConcurrentHashMap.newKeySet();
    private final Set<String> looked = ConcurrentHashMap.newKeySet();

    public LateLockWarnings(Scheduler timer, OpenTransactions transactions) {
        this.timer = timer;
        this.transactions = transactions;
    }

    /** This thread is about to wait for a key. @return to be cancelled as it goes on; null for nothing */
    public Scheduler.Task waiting(LockRequest request, String site) {
        if (waited.contains(site)) {
            return null;
        }
        for (OpenTransaction open : transactions.ofThread()) {
            if (open.hasConnection()) {
                return timer.after(WAITING_NANOS, () -> tellOfWaiting(request, site));
            }
        }
        return null;
    }

    private void tellOfWaiting(LockRequest request, String site) {
        if (waited.add(site)) {
            log.warn(
                    "{} waits for the lock '{}' while its thread has a transaction open, and so holds a connection: if its holder"
                            + " needs one too, and the pool is used up by such waiters, they wait for each other until waitTime is"
                            + " over. Lock in the method that begins the transaction, or outside it. (Told once for this call.)",
                    site,
                    request.name());
        }
    }

    /** Keys have been taken, rather than re-entered. */
    public void taken(List<LockRequest> requests, LockTerms terms) {
        List<? extends OpenTransaction> around = transactions.ofThread();
        // a fenced scope is told by its claim, and fails
        if (around.isEmpty() || terms.fenced() || looked.contains(terms.site())) {
            return;
        }
        for (OpenTransaction open : around) {
            // to know its isolation may take a question to the database: one for each call's site at most
            if (open.hasWorked() && looked.add(terms.site()) && open.keepsSnapshot()) {
                log.warn(
                        "{} has taken the lock '{}' in a transaction that had read before, and whose isolation level shows it"
                                + " what was there then: it may not see what the lock's last holder wrote. Lock in the method that"
                                + " begins the transaction, or use READ COMMITTED. (Told once for this call.)",
                        terms.site(),
                        requests.get(0).name());
            }
        }
    }
}
