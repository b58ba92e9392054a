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
 * Renews the lease of every bucket in use at a third of it, on a thread and a connection of its own: nothing that the
 * application or other requests do may delay it. But only as long as those other requests get through: a JVM that can neither
 * give a key back nor hear that others want it must not keep it, so its sessions are left to end.
 */
public final class LeaseRenewal implements AutoCloseable {

    /** How long no other request may have been answered. By then a connection that is broken has been replaced. */
    private static final Duration UNANSWERED = Duration.ofSeconds(10);

    private static final long SLICE_MILLIS = 500;
    private static final String SUBJECT = "The renewal of this JVM's lock lease";

    private final RedisNode node;
    private final Duration lease;
    private final RedisGateway main;
    private final RedisGateway dedicated;
    private final Supplier<List<RedisBucket>> buckets;
    private final Runnable mend;
    private final Semaphore hurry = new Semaphore(0);
    private volatile boolean closed;
    private boolean failing;
    private long pauseMillis;

    /** The last renewal failed, likely those of other JVMs too. */
    private boolean spread;

    /** @param mend called now and then; short */
    LeaseRenewal(RedisNode node, Supplier<List<RedisBucket>> buckets, Runnable mend) {
        this.node = node;
        this.lease = node.lease();
        this.main = node.redis();
        // a sixth, so that a second attempt still comes in time
        this.dedicated = main.dedicated("lease", lease.dividedBy(6));
        this.buckets = buckets;
        this.mend = mend;
        this.pauseMillis = spreadMillis(lease);
    }

    void start() {
        dedicated.redisson();
        AgentLoop.start("floodlock-lease", () -> closed, this::turn);
    }

    /** Renews now, for whoever waits on the outcome. */
    void hurry() {
        if (hurry.availablePermits() == 0) {
            hurry.release();
        }
    }

    private void turn() throws InterruptedException {
        boolean hurried = pause();
        boolean renewed = renewAll();
        if (!renewed) {
            pauseMillis = Math.max(20, lease.toMillis() / 12);
        } else {
            pauseMillis = spread ? spreadMillis(lease) : thirdMillis(lease);
        }
        spread = !renewed;
        if (hurried) {
            // those who hurry ask again and again while they wait
            TimeUnit.MILLISECONDS.sleep(10);
            hurry.drainPermits();
        }
    }

    /** @return whether somebody hurries */
    private boolean pause() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
        while (true) {
            mend.run();
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= SLICE_MILLIS) {
                return hurry.tryAcquire(Math.max(1, left), TimeUnit.MILLISECONDS);
            }
            if (hurry.tryAcquire(SLICE_MILLIS, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
    }

    public static long thirdMillis(Duration lease) {
        return Math.max(10, lease.toMillis() / 3);
    }

    /**
     * Any part of a third of the lease. JVMs that have begun together, or all had to wait for Redis, are told apart by one such
     * pause and stay so; a shorter one each time would be more renewals.
     */
    public static long spreadMillis(Duration lease) {
        return 1 + ThreadLocalRandom.current().nextLong(thirdMillis(lease));
    }

    private boolean renewAll() throws InterruptedException {
        main.ping(node.layoutKey());
        if (!main.answeredWithin(UNANSWERED)) {
            buckets.get().forEach(RedisBucket::endIfLapsed);
            tell(false, "no other request of this JVM has been answered for " + UNANSWERED.toSeconds() + " s");
            return false;
        }
        // until the dedicated connection stands, the common one serves
        RedisGateway client = dedicated.connected() ? dedicated : main;
        List<CompletableFuture<?>> renewals = new ArrayList<>();
        for (RedisBucket bucket : buckets.get()) {
            if (bucket.session() != null) {
                renewals.add(bucket.renew(client));
            }
        }
        if (renewals.isEmpty()) {
            tell(true, "");
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
        tell(renewed, "it was not answered in time");
        return renewed;
    }

    private void tell(boolean renewed, String why) {
        if (!renewed) {
            StallLog.shared()
                    .stalled(
                            SUBJECT + " at " + main.address(),
                            why,
                            "It is tried again; if none succeeds within floodlock.lease, what this JVM holds is lost");
        } else if (failing) {
            StallLog.shared().resumed(SUBJECT + " at " + main.address());
        }
        failing = !renewed;
    }

    @Override
    public void close() {
        closed = true;
        hurry.release();
        dedicated.close();
    }
}
