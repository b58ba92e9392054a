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
 * The engines of this JVM over one Redis client. Each engine is created when it is first needed; all end with the JVM.
 *
 * <p>They end in the order of their dependencies. First the queues stop dispatching and finish the calls that run,
 * which needs locks and transactions. Then open lock scopes are waited for. The connection to Redis closes last.
 * Thread-safe.
 */
final class LazyEngines implements Engines {

    private static final Logger LOG = LoggerFactory.getLogger(LazyEngines.class);
    /**
     * The time for the last requests to the servers, each of which has its own limit. It is added to {@code
     * floodlock.shutdown-wait}, the time for open calls.
     */
    private static final Duration END_PATIENCE = Duration.ofSeconds(20);

    private static final Duration CONNECT_AFTER = Duration.ofSeconds(1);

    private final Settings settings;
    private final Events events;
    private final ApplicationTransactions applications;
    /** Threads that load classes acquire it, so code that holds it loads nothing through the application's loaders. */
    private final ReentrantLock mutex = new ReentrantLock();

    /**
     * Held while an embedded server starts, whose classes are the application's. Acquired before {@link #mutex}, never
     * after it.
     */
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
     * Connects once, in the background. An unreachable Redis, or one that refuses this JVM, is then reported before the
     * first call needs it.
     */
    @Override
    public void connectSoon() {
        // an embedded server runs in this JVM and is made of the application's classes: it starts when a call needs it
        if (!settings.embeddedRedis() && connecting.compareAndSet(false, true)) {
            AgentThreads.daemon("floodlock-connect", this::connect).start();
        }
    }

    private void connect() {
        try {
            // leave the first second to the start of the application
            TimeUnit.MILLISECONDS.sleep(CONNECT_AFTER.toMillis());
            // the gateway itself reports a failure
            redis().redisson();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private QueueEngine makeQueues() {
        mutex.lock();
        try {
            if (queues == null) {
                queues = new StoredQueueEngine(
                        settings, events, this::redis, this::locks, this::transactions, this::transactionsIfStarted);
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
            // the hook can't run any more; the sessions end when their leases expire
        }
    }

    /** Ends the engines in a thread of its own. The JVM exits when this method returns, even if that thread hangs. */
    private void endInTime() {
        Thread ending = AgentThreads.daemon("floodlock-shutdown-steps", this::end);
        try {
            ending.start();
            ending.join(settings.shutdownWait().plus(END_PATIENCE).toMillis());
            if (ending.isAlive()) {
                LOG.warn(
                        "Floodlock's shutdown takes longer than floodlock.shutdown-wait plus {} s, so the JVM exits"
                                + " without the rest: locks that are still held become free when their lease expires",
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
                // other JVMs need not wait for idle keys while the running calls finish
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
