package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.thread.AgentThreads;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * The transactions of this JVM that have a branch, and the thread that enforces their deadlines: every 50 ms it breaks
 * connections whose step has passed its limit, and cancels the statements of transactions whose timeout has passed.
 * Recovery asks it which branches to leave alone. Thread-safe.
 */
public final class LiveTransactions {

    private static final long TICK_NANOS = 50_000_000;
    private static final long IDLE_NANOS = 500_000_000;
    private static final int REMEMBERED = 10_000;

    /**
     * The time past its deadline after which a transaction is abandoned. By then every time limit of a commit has
     * passed. So either the method still runs, and is rolled back anyway, or its thread had no stack left to end it.
     */
    private static final long ABANDONED_MILLIS = 60_000;

    private final Map<String, Transaction> live = new ConcurrentHashMap<>();
    private final Set<String> givenUp = ConcurrentHashMap.newKeySet();
    private final Executor beside;
    private volatile boolean stopped;
    private volatile boolean started;

    /** @param beside runs the cancelling of statements, which asks a server */
    public LiveTransactions(Executor beside) {
        this.beside = beside;
    }

    void add(Transaction transaction) {
        live.put(transaction.id(), transaction);
        if (!started) {
            start();
        }
    }

    public void remove(Transaction transaction) {
        live.remove(transaction.id());
    }

    public boolean isLive(String id) {
        return live.containsKey(id);
    }

    /**
     * Notes that the transaction is rolled back, but a branch did not answer: recovery need not wait for its deadline.
     */
    public void giveUp(Transaction transaction) {
        if (givenUp.size() >= REMEMBERED) {
            givenUp.clear();
        }
        givenUp.add(transaction.id());
    }

    public boolean isGivenUp(String id) {
        return givenUp.contains(id);
    }

    private synchronized void start() {
        if (!started) {
            started = true;
            AgentThreads.daemon("floodlock-tx-deadlines", this::run).start();
        }
    }

    private void run() {
        while (!stopped) {
            LockSupport.parkNanos(live.isEmpty() ? IDLE_NANOS : TICK_NANOS);
            for (Transaction transaction : live.values()) {
                try {
                    look(transaction);
                } catch (RuntimeException | Error e) {
                    // no thread or memory now: the next tick tries again
                }
            }
        }
    }

    private void look(Transaction transaction) {
        transaction.abortOverdue();
        if (!transaction.isExpiryNoted() && transaction.restMillis() < 0) {
            transaction.expire();
            beside.execute(transaction::cancel);
        }
        if (transaction.restMillis() < -ABANDONED_MILLIS) {
            beside.execute(transaction::evict);
            live.remove(transaction.id());
        }
    }

    public void stop() {
        stopped = true;
    }
}
