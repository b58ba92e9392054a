package io.floodlock.runtime.lock.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.store.Buckets;
import io.floodlock.runtime.lock.store.GrantEvents;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.lock.store.LockStore;
import io.floodlock.runtime.redis.RedisGateway;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The {@code LockStore} on Redis. At the first use it connects, checks the layout of names (only the connected Redis
 * can tell whether it is a cluster), subscribes to pushes and starts the renewal of leases. If an attempt to connect
 * fails, all callers that wait for it fail, and the next use tries again. {@code LeaseLockEngine} makes it. Read
 * {@code RedisBucket} next. Thread-safe.
 */
public final class RedisLockStore implements LockStore {

    /**
     * After this time, 30 s, an attempt to connect is given up. That is longer than all its requests may take, so an
     * Error has ended the code that would have completed it.
     */
    private static final long ATTEMPT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final RedisNode node;
    private final GrantEvents events;
    private final LeaseRenewal renewal;

    private final ReentrantLock mutex = new ReentrantLock();
    private volatile BucketLayout layout;

    @GuardedBy("mutex")
    private CompletableFuture<Buckets> attempt;

    @GuardedBy("mutex")
    private long attemptSince;

    public RedisLockStore(RedisNode node, GrantEvents events) {
        this.node = node;
        this.events = events;
        this.renewal = new LeaseRenewal(node, this::connected, events::mend);
        node.redis().onConnectionChange(this::compareLater);
    }

    /** Compares what the buckets hold now. Before the first connection there is nothing to compare. */
    private void compareLater() {
        List<RedisBucket> before = connected();
        if (!before.isEmpty()) {
            node.services().agentThreads().execute(() -> before.forEach(RedisBucket::compare));
        }
    }

    @Override
    public BucketLayout known() {
        return layout;
    }

    @Override
    public CompletableFuture<Buckets> buckets() {
        CompletableFuture<Buckets> made;
        mutex.lock();
        try {
            if (layout != null) {
                return CompletableFuture.completedFuture(layout);
            }
            if (events.closing()) {
                return CompletableFuture.failedFuture(LockFailures.closing());
            }
            if (attempt != null && System.nanoTime() - attemptSince < ATTEMPT_NANOS) {
                return attempt;
            }
            made = new CompletableFuture<>();
            attempt = made;
            attemptSince = System.nanoTime();
        } finally {
            mutex.unlock();
        }
        node.redis()
                .cluster()
                .thenCompose(this::prepare)
                .whenCompleteAsync(
                        (prepared, failure) -> ended(made, prepared, failure),
                        node.services().agentThreads());
        return made;
    }

    @Override
    public List<RedisBucket> connected() {
        BucketLayout names = layout;
        return names == null ? List.of() : names.all();
    }

    @Override
    public String address() {
        return node.redis().address();
    }

    @Override
    public FloodlockFailure explain(Throwable failure) {
        return node.redis().explain(failure);
    }

    @Override
    public boolean isPermanent(FloodlockFailure failure) {
        return RedisGateway.isPermanent(failure);
    }

    @Override
    public void close() {
        renewal.close();
    }

    @Override
    public void stopConnecting() {
        CompletableFuture<Buckets> last;
        mutex.lock();
        try {
            last = attempt;
        } finally {
            mutex.unlock();
        }
        if (last != null) {
            last.completeExceptionally(LockFailures.closing());
        }
    }

    private CompletableFuture<BucketLayout> prepare(boolean cluster) {
        BucketLayout made = new BucketLayout(node, events, renewal::renewNow, cluster);
        PushListener pushes = new PushListener(made, events);
        return made.check()
                .thenCompose(same -> node.redis().subscribe(node.channel(), pushes))
                .thenApply(same -> made);
    }

    private void ended(CompletableFuture<Buckets> made, BucketLayout prepared, Throwable failure) {
        boolean first = false;
        mutex.lock();
        try {
            if (attempt == made) {
                attempt = null;
            }
            if (failure == null && layout == null) {
                // first, because without renewal no acquired key stays held
                renewal.start();
                layout = prepared;
                first = true;
            }
        } catch (RuntimeException | Error e) {
            made.completeExceptionally(e);
            throw e;
        } finally {
            mutex.unlock();
        }
        if (failure == null) {
            made.complete(layout);
        } else {
            made.completeExceptionally(failure);
        }
        if (first) {
            // loaded in advance, because the JVM has little time when it needs them
            node.redis().preload(LockScripts.SHED);
            node.redis().preload(LockScripts.CLOSE);
            node.redis().preload(LockScripts.CLEAR);
        }
    }
}
