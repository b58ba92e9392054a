package io.floodlock.runtime.call;

import io.floodlock.runtime.boundary.ApplicationTransactions;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.engine.LeaseLockEngine;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.engine.StoredQueueEngine;
import io.floodlock.runtime.redis.EmbeddedRedis;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.thread.AgentThreads;
import io.floodlock.runtime.tx.TxEngine;
import io.floodlock.runtime.tx.engine.Transactions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines of this JVM over one Redis client, and their end with the JVM.
 *
 * <p>They end in the order in which they lean on each other: queues stop dispatching and finish what runs, which needs locks
 * and transactions; then open lock scopes are waited for; then Redis goes. Thread-safe.
 */
final class LazyEngines implements Engines {

    private static final Logger LOG = LoggerFactory.getLogger(LazyEngines.class);
    /** Beside the time that open calls are waited for: for what is said to servers at the end, each with limits of its own. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(20);

    private static final Duration CONNECT_AFTER = Duration.ofSeconds(1);

    private final Settings settings;
    private final Events events;
    private final ApplicationTransactions applications;
    /** Threads that load classes take it, so nothing is loaded through the application's loaders under it. */
    private final ReentrantLock mutex = new ReentrantLock();

    /** Held while an embedded server starts, whose classes are the application's. Taken before the other, never after it. */
    private final ReentrantLock starting = new ReentrantLock();

    private final AtomicBoolean connecting = new AtomicBoolean();

    private EmbeddedRedis embedded;
    private RedisGateway redis;
    private volatile Transactions transactions;
    private volatile LeaseLockEngine locks;
    private volatile StoredQueueEngine queues;

    /** @param applications the application's own transactions, which keep locks until they have ended */
    LazyEngines(Settings settings, Events events, ApplicationTransactions applications) {
        this.settings = settings;
        this.events = events;
        this.applications = applications;
    }

    @Override
    public void recoverTransactions() {
        made().recover();
    }

    @Override
    public TxEngine transactions() {
        return made();
    }

    private Transactions made() {
        Transactions made = transactions;
        return made != null ? made : makeTransactions();
    }

    @Override
    public TxEngine transactionsIfStarted() {
        return transactions;
    }

    @Override
    public LockEngine locksIfStarted() {
        return locks;
    }

    @Override
    public LockEngine locks() {
        LockEngine made = locks;
        return made != null ? made : makeLocks();
    }

    @Override
    public QueueEngine queues() {
        StoredQueueEngine made = queues;
        return made != null ? made : makeQueues();
    }

    /**
     * Connects, once and in the background, so that a Redis that can't be reached or refuses this JVM is reported before the
     * first call needs it.
     */
    @Override
    public void connectSoon() {
        // an embedded server is this JVM's own, and made from the application's classes: when they need it
        if (!settings.embeddedRedis() && connecting.compareAndSet(false, true)) {
            AgentThreads.daemon("floodlock-connect", this::connect).start();
        }
    }

    private void connect() {
        try {
            // the application's start comes first
            TimeUnit.MILLISECONDS.sleep(CONNECT_AFTER.toMillis());
            redis().redisson();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("Redis could not be connected to in advance: {}", e.getMessage());
        }
    }

    private QueueEngine makeQueues() {
        mutex.lock();
        try {
            if (queues == null) {
                queues = new StoredQueueEngine(settings, events, this::redis, this::locks);
            }
            return queues;
        } finally {
            mutex.unlock();
        }
    }

    private Transactions makeTransactions() {
        mutex.lock();
        try {
            if (transactions == null) {
                transactions = new Transactions(settings, events, this::locksIfStarted);
                applications.add(transactions);
            }
            return transactions;
        } finally {
            mutex.unlock();
        }
    }

    private LockEngine makeLocks() {
        starting.lock();
        try {
            if (locks == null) {
                locks = new LeaseLockEngine(settings, redis(), events, applications);
            }
            return locks;
        } finally {
            starting.unlock();
        }
    }

    private RedisGateway redis() {
        starting.lock();
        try {
            if (redis == null) {
                if (settings.embeddedRedis()) {
                    embedded = EmbeddedRedis.start();
                }
                redis = new RedisGateway(embedded == null ? settings : settings.withRedis(embedded.address()));
                endWithJvm();
            }
            return redis;
        } finally {
            starting.unlock();
        }
    }

    private void endWithJvm() {
        Thread hook = AgentThreads.daemon("floodlock-shutdown", this::endInTime);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // then the process's end is what ends the sessions, by their lease
        }
    }

    /** The JVM ends when this returns, whatever hangs in it. */
    private void endInTime() {
        Thread ending = AgentThreads.daemon("floodlock-shutdown-steps", this::end);
        try {
            ending.start();
            ending.join(settings.shutdownWait().plus(END_PATIENCE).toMillis());
            if (ending.isAlive()) {
                LOG.warn(
                        "Floodlock's end takes longer than floodlock.shutdown-wait and {} s, so the JVM ends without the rest:"
                                + " locks that are still held here are free when their lease has ended",
                        END_PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        try {
            endQueues();
        } finally {
            try {
                endLocks();
            } finally {
                endConnections();
            }
        }
    }

    private void endQueues() {
        if (queues != null) {
            if (locks != null) {
                // others need not wait for what runs here
                locks.freeIdle();
            }
            queues.close();
        }
    }

    private void endLocks() {
        if (locks != null) {
            locks.close();
        }
        if (transactions != null) {
            transactions.close();
        }
    }

    private void endConnections() {
        redis.close();
        if (embedded != null) {
            embedded.close();
        }
    }
}
