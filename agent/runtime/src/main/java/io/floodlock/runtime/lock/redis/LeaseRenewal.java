package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.event.StallLog;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.thread.AgentLoop;
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

/**
 * Renews this JVM's lease of every bucket in use, each time a third of the lease has passed. It uses a thread and a
 * connection of its own, so that nothing that the application or other requests do delays it. It renews only while
 * those other requests get answers: a JVM that can neither give a key back nor receive a revocation must not keep its
 * keys, so its sessions are left to end. {@code RedisLockStore} makes it, starts it at the first connection and
 * closes it. Thread-safe.
 */
public final class LeaseRenewal implements AutoCloseable {

    /**
     * The longest time without an answer to any other request for which the lease is still renewed: 10 s. By then a
     * broken connection has been replaced.
     */
    private static final Duration UNANSWERED = Duration.ofSeconds(10);

    private static final long SLICE_MILLIS = 500;
    private static final String SUBJECT = "The renewal of this JVM's lock lease";

    private final RedisNode node;
    private final Duration lease;
    private final RedisGateway main;
    private final RedisGateway dedicated;
    private final Supplier<List<RedisBucket>> buckets;
    private final Runnable mend;
    private final Semaphore requests = new Semaphore(0);
    private volatile boolean closed;
    private boolean failing;
    private long pauseMillis;

    /** Whether the last renewal failed, as those of other JVMs probably did: the next pause is then random. */
    private boolean spread;

    /** @param mend called at least every 500 ms while this thread pauses; must be short */
    LeaseRenewal(RedisNode node, Supplier<List<RedisBucket>> buckets, Runnable mend) {
        this.node = node;
        this.lease = node.lease();
        this.main = node.redis();
        // a timeout of a sixth of the lease, so that a second attempt still is in time
        this.dedicated = main.dedicated("lease", lease.dividedBy(6));
        this.buckets = buckets;
        this.mend = mend;
        this.pauseMillis = spreadMillis(lease);
    }

    void start() {
        dedicated.redisson();
        AgentLoop.start("floodlock-lease", () -> closed, this::turn);
    }

    /** Renews now, because a caller waits for the outcome. Returns at once. */
    void renewNow() {
        if (requests.availablePermits() == 0) {
            requests.release();
        }
    }

    private void turn() throws InterruptedException {
        boolean requested = pause();
        boolean renewed = renewAll();
        if (!renewed) {
            pauseMillis = Math.max(20, lease.toMillis() / 12);
        } else {
            pauseMillis = spread ? spreadMillis(lease) : thirdMillis(lease);
        }
        spread = !renewed;
        if (requested) {
            // callers that wait for a renewal request it again and again
            TimeUnit.MILLISECONDS.sleep(10);
            requests.drainPermits();
        }
    }

    /** @return whether a caller has requested a renewal */
    private boolean pause() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
        while (true) {
            mend.run();
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= SLICE_MILLIS) {
                return requests.tryAcquire(Math.max(1, left), TimeUnit.MILLISECONDS);
            }
            if (requests.tryAcquire(SLICE_MILLIS, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
    }

    /** A third of the lease, in ms; at least 10. */
    public static long thirdMillis(Duration lease) {
        return Math.max(10, lease.toMillis() / 3);
    }

    /**
     * A random time of at most a third of the lease, in ms. JVMs that started together, or that all had to wait for
     * Redis, are spread by one such pause and stay spread. A random, shorter pause each time would mean more
     * renewals.
     */
    public static long spreadMillis(Duration lease) {
        return 1 + ThreadLocalRandom.current().nextLong(thirdMillis(lease));
    }

    private boolean renewAll() throws InterruptedException {
        main.ping(node.layoutKey());
        if (!main.answeredWithin(UNANSWERED)) {
            buckets.get().forEach(RedisBucket::endIfLapsed);
            report(false, "no other request of this JVM has been answered for " + UNANSWERED.toSeconds() + " s");
            return false;
        }
        // until the dedicated connection exists, the common one is used
        RedisGateway client = dedicated.connected() ? dedicated : main;
        List<CompletableFuture<?>> renewals = new ArrayList<>();
        for (RedisBucket bucket : buckets.get()) {
            if (bucket.session() != null) {
                renewals.add(bucket.renew(client));
            }
        }
        if (renewals.isEmpty()) {
            report(true, "");
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
        report(renewed, "it was not answered in time");
        return renewed;
    }

    private void report(boolean renewed, String why) {
        if (!renewed) {
            StallLog.shared()
                    .stalled(
                            SUBJECT + " at " + main.address(),
                            why,
                            "It is retried; if no attempt succeeds within floodlock.lease, this JVM's locks are lost");
        } else if (failing) {
            StallLog.shared().resumed(SUBJECT + " at " + main.address());
        }
        failing = !renewed;
    }

    @Override
    public void close() {
        closed = true;
        requests.release();
        dedicated.close();
    }
}
