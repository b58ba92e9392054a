package io.floodlock.runtime.queue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.redis.RedisClient;
import io.floodlock.runtime.redis.Subscription;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.redisson.api.RMap;

/**
 * Results of this JVM's calls. Whoever runs a call stores its result in this session's hash, for ten minutes, and pushes a
 * hint. The hint may be lost: what is outstanding is also looked for each second and after every resubscription. Thread-safe.
 */
final class ResultInbox implements Subscription {

    /** Takes the outcome of one call; called on the executor. */
    interface Expected {
        void outcome(Outcome outcome);

        /** The result will never come. */
        void failed(RuntimeException why);
    }

    private static final long LOOK_MS = 1_000;

    private final String key;
    private final String channel;
    private final Supplier<RedisClient> redis;
    private final ScheduledExecutorService timer;
    private final Executor executor;
    private final Map<String, Expected> outstanding = new ConcurrentHashMap<>();
    private final AtomicBoolean listening = new AtomicBoolean();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicInteger hints = new AtomicInteger();

    ResultInbox(
            String namespace,
            UUID session,
            Supplier<RedisClient> redis,
            ScheduledExecutorService timer,
            Executor executor) {
        this.key = QueueKeys.results(namespace, session);
        this.channel = QueueKeys.resultsChannel(namespace, session);
        this.redis = redis;
        this.timer = timer;
        this.executor = executor;
    }

    /** To be called before the call can possibly run. */
    void expect(CallId id, Expected expected) {
        outstanding.put(id.toString(), expected);
        if (listening.compareAndSet(false, true)) {
            redis.get().subscribe(channel, this).whenComplete((done, failure) -> {
                if (failure != null) {
                    listening.set(false);
                }
            });
        }
        if (looking.compareAndSet(false, true)) {
            timer.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
        }
    }

    void forget(CallId id) {
        if (id != null) {
            outstanding.remove(id.toString());
        }
    }

    /** A call that ran in this very JVM: its outcome needs no way through Redis. */
    void deliver(CallId id, Outcome outcome) {
        Expected expected = outstanding.remove(id.toString());
        if (expected != null) {
            executor.execute(() -> expected.outcome(outcome));
        }
    }

    @Override
    public void message(String text) {
        look();
    }

    @Override
    public void subscribed() {
        look();
    }

    private void look() {
        if (!outstanding.isEmpty() && hints.getAndIncrement() == 0) {
            read();
        }
    }

    private void read() {
        int seen = hints.get();
        redis.get()
                .redisson()
                .thenCompose(client -> {
                    RMap<String, byte[]> map = client.getMap(key, RecordCodec.INSTANCE);
                    return map.readAllMapAsync().thenCompose(found -> {
                        found.forEach(this::found);
                        return found.isEmpty()
                                ? CompletableFuture.completedFuture(0L)
                                : map.fastRemoveAsync(found.keySet().toArray(String[]::new));
                    });
                })
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        hints.set(0);
                    } else if (!hints.compareAndSet(seen, 0)) {
                        read();
                    }
                });
    }

    private void found(String id, byte[] record) {
        Expected expected = outstanding.remove(id);
        if (expected == null) {
            return;
        }
        executor.execute(() -> {
            Outcome outcome;
            try {
                outcome = Outcome.fromBytes(record);
            } catch (MalformedRecordException e) {
                expected.failed(
                        Failure.PAYLOAD.because("The result of call " + id + " can't be read: " + e.getMessage(), e));
                return;
            }
            expected.outcome(outcome);
        });
    }

    /** Ends all that is outstanding: nobody here will hear of it. */
    void close() {
        for (String id : outstanding.keySet()) {
            Expected expected = outstanding.remove(id);
            if (expected != null) {
                expected.failed(Failure.UNAVAILABLE.because("Floodlock is shutting down. Call " + id
                        + " is stored and will run; its result can't be received here any more."));
            }
        }
    }
}
