package io.floodlock.runtime.lock;

import io.floodlock.runtime.redis.RedisClient;
import io.floodlock.runtime.thread.AgentThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the lease of every bucket in use at a third of it, on a thread and a connection of its own: nothing that the
 * application or other requests do may delay it.
 */
final class Renewal implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Renewal.class);

    private final Duration lease;
    private final RedisClient main;
    private final RedisClient dedicated;
    private final Supplier<List<Bucket>> buckets;
    private final Semaphore hurry = new Semaphore(0);
    private volatile boolean closed;
    private volatile boolean failing;

    Renewal(Duration lease, RedisClient main, Supplier<List<Bucket>> buckets) {
        this.lease = lease;
        this.main = main;
        // a sixth, so that a second attempt still comes in time
        this.dedicated = main.dedicated("lease", lease.dividedBy(6));
        this.buckets = buckets;
    }

    void start() {
        dedicated.redisson();
        AgentThreads.daemon("floodlock-lease", this::run).start();
    }

    /** Renews now, for whoever waits on the outcome. */
    void hurry() {
        if (hurry.availablePermits() == 0) {
            hurry.release();
        }
    }

    private void run() {
        long pauseMillis = pauseMillis();
        while (!closed) {
            try {
                boolean hurried = hurry.tryAcquire(pauseMillis, TimeUnit.MILLISECONDS);
                boolean renewed = renewAll();
                pauseMillis = renewed ? pauseMillis() : Math.max(20, lease.toMillis() / 12);
                if (hurried) {
                    // those who hurry ask again and again while they wait
                    TimeUnit.MILLISECONDS.sleep(10);
                    hurry.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.error("Renewing the lock lease failed", e);
            }
        }
    }

    private long pauseMillis() {
        return pauseMillis(lease);
    }

    /** A third of the lease at most, and not the same for all JVMs that have begun together. */
    static long pauseMillis(Duration lease) {
        long most = Math.max(10, lease.toMillis() / 3);
        return most - ThreadLocalRandom.current().nextLong(most / 4 + 1);
    }

    private boolean renewAll() throws InterruptedException {
        // until the dedicated connection stands, the common one serves
        RedisClient client = dedicated.connected() ? dedicated : main;
        List<CompletableFuture<?>> renewals = new ArrayList<>();
        for (Bucket bucket : buckets.get()) {
            if (bucket.session() != null) {
                renewals.add(bucket.renew(client));
            }
        }
        if (renewals.isEmpty()) {
            return true;
        }
        if (client == main) {
            dedicated.redisson();
        }
        boolean renewed;
        try {
            CompletableFuture.allOf(renewals.toArray(CompletableFuture[]::new))
                    .get(Math.max(50, lease.toMillis() / 6), TimeUnit.MILLISECONDS);
            renewed = true;
        } catch (ExecutionException | TimeoutException e) {
            renewed = false;
        }
        if (renewed == failing) {
            failing = !renewed;
            if (failing) {
                log.warn("The lock lease could not be renewed at {}; trying again", main.address());
            } else {
                log.info("The lock lease is renewed again");
            }
        }
        return renewed;
    }

    @Override
    public void close() {
        closed = true;
        hurry.release();
        dedicated.close();
    }
}
