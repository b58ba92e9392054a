package io.floodlock.runtime.queue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.redis.RedisClient;
import io.floodlock.runtime.redis.Script;
import io.floodlock.runtime.redis.Subscription;
import java.time.Duration;
import java.util.List;
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
import org.redisson.client.codec.StringCodec;

/**
 * Results of this JVM's calls. Whoever runs a call stores its result in this session's hash, for ten minutes, and pushes a
 * hint. The hint may be lost: what is outstanding is also looked for each second and after every resubscription. A result
 * that is long in coming is asked after where its call was stored, so that a future ends even if Redis has lost the call, or
 * kept the result in vain while this JVM was away. Thread-safe.
 */
final class ResultInbox implements Subscription {

    /** Takes the outcome of one call; called on the executor. */
    interface Expected {
        void outcome(CallId id, Outcome outcome);

        /** The result will never come. */
        void failed(RuntimeException why);
    }

    /** A call whose result has not come; where it is stored is known once that is confirmed. */
    private static final class Outstanding {

        final CallId id;
        final Expected expected;
        QueueKeys.LaneKeys lane;
        EntryId entry;
        long askAt;
        boolean over;

        Outstanding(CallId id, Expected expected) {
            this.id = id;
            this.expected = expected;
        }
    }

    private static final Script FATE = Script.load(ResultInbox.class, "fate.lua");
    private static final long LOOK_MS = 1_000;
    private static final int ASKED_AT_ONCE = 100;

    private final String key;
    private final String channel;
    private final Supplier<RedisClient> redis;
    private final ScheduledExecutorService timer;
    private final Executor executor;
    private final long patienceNanos;
    private final Map<String, Outstanding> outstanding = new ConcurrentHashMap<>();
    private final AtomicBoolean listening = new AtomicBoolean();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicInteger hints = new AtomicInteger();

    /** @param patience after which a call is asked after, again and again */
    ResultInbox(
            String namespace,
            UUID session,
            Supplier<RedisClient> redis,
            ScheduledExecutorService timer,
            Executor executor,
            Duration patience) {
        this.key = QueueKeys.results(namespace, session);
        this.channel = QueueKeys.resultsChannel(namespace, session);
        this.redis = redis;
        this.timer = timer;
        this.executor = executor;
        this.patienceNanos = patience.toNanos();
    }

    /** To be called before the call can possibly run. */
    void expect(CallId id, Expected expected) {
        outstanding.put(id.toString(), new Outstanding(id, expected));
        if (listening.compareAndSet(false, true)) {
            redis.get().subscribe(channel, this).whenComplete((done, failure) -> {
                if (failure != null) {
                    listening.set(false);
                }
            });
        }
        if (looking.compareAndSet(false, true)) {
            timer.scheduleWithFixedDelay(this::lookAndAsk, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** The call is confirmed, in this entry. */
    void stored(CallId id, QueueKeys.LaneKeys lane, EntryId entry) {
        Outstanding call = outstanding.get(id.toString());
        if (call != null) {
            synchronized (call) {
                call.lane = lane;
                call.entry = entry;
                call.askAt = System.nanoTime() + patienceNanos;
            }
        }
    }

    void forget(CallId id) {
        if (id != null) {
            outstanding.remove(id.toString());
        }
    }

    /** A call that ran in this very JVM: its outcome needs no way through Redis. */
    void deliver(CallId id, Outcome outcome) {
        Outstanding call = outstanding.remove(id.toString());
        if (call != null) {
            executor.execute(() -> call.expected.outcome(id, outcome));
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

    private void lookAndAsk() {
        look();
        long now = System.nanoTime();
        int asked = 0;
        for (Outstanding call : outstanding.values()) {
            synchronized (call) {
                if (call.entry == null || call.askAt - now > 0 || asked == ASKED_AT_ONCE) {
                    continue;
                }
                asked++;
                call.askAt = now + patienceNanos;
            }
            ask(call);
        }
    }

    private void ask(Outstanding call) {
        redis.get()
                .run(
                        StringCodec.INSTANCE,
                        FATE,
                        List.of(call.lane.stream(), call.lane.identities(), call.lane.parked()),
                        call.id.session().toString(),
                        Long.toString(call.id.sequence()),
                        Long.toString(call.entry.millis()),
                        Long.toString(call.entry.sequence()))
                .thenAccept(reply -> heard(call, String.valueOf(reply.get(0))));
    }

    private void heard(Outstanding call, String fate) {
        if (fate.equals("LOST")) {
            fail(
                    call,
                    Failure.ENQUEUE_UNKNOWN.because("Redis has lost call " + call.id
                            + ", which it had confirmed: it was restarted or failed over with less than it had. The call may"
                            + " have run; calling again makes a second call."));
        } else if (fate.equals("OVER")) {
            boolean second;
            synchronized (call) {
                second = call.over;
                call.over = true;
            }
            // once more in between, as the result may just have come
            if (second) {
                fail(
                        call,
                        Failure.REMOTE_BODY.because("Call " + call.id
                                + " has ended, but its result is gone: it is kept for ten minutes, and this JVM did not fetch"
                                + " it in that time."));
            }
        }
    }

    private void fail(Outstanding call, RuntimeException why) {
        if (outstanding.remove(call.id.toString(), call)) {
            executor.execute(() -> call.expected.failed(why));
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
        Outstanding call = outstanding.remove(id);
        if (call == null) {
            return;
        }
        Expected expected = call.expected;
        executor.execute(() -> {
            Outcome outcome;
            try {
                outcome = Outcome.fromBytes(record);
            } catch (MalformedRecordException e) {
                expected.failed(
                        Failure.PAYLOAD.because("The result of call " + id + " can't be read: " + e.getMessage(), e));
                return;
            }
            expected.outcome(call.id, outcome);
        });
    }

    /** Ends all that is outstanding: nobody here will hear of it. */
    void close() {
        for (String id : outstanding.keySet()) {
            Outstanding call = outstanding.remove(id);
            if (call != null) {
                call.expected.failed(Failure.UNAVAILABLE.because("Floodlock is shutting down. Call " + id
                        + " is stored and will run; its result can't be received here any more."));
            }
        }
    }
}
