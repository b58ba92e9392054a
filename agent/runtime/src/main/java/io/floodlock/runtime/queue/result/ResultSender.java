package io.floodlock.runtime.queue.result;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallOutcome;
import io.floodlock.runtime.queue.redis.RecordCodec;
import io.floodlock.runtime.queue.redis.RedisQueueKeys;
import io.floodlock.runtime.redis.RedisGateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RMapAsync;
import org.redisson.client.codec.StringCodec;

/**
 * Stores outcomes of calls that other JVMs made, in one pipeline at a time, and repeats a pipeline until Redis confirms
 * it. A repeated store does no harm. Thread-safe.
 */
public final class ResultSender {

    private static final Duration KEPT = Duration.ofMinutes(10);

    private record UnsentResult(CallId id, byte[] record, CompletableFuture<Void> stored) {}

    private final String namespace;
    private final Supplier<RedisGateway> redis;
    private final ScheduledExecutorService timer;

    @GuardedBy("this")
    private List<UnsentResult> waiting = new ArrayList<>();

    @GuardedBy("this")
    private boolean busy;

    public ResultSender(String namespace, Supplier<RedisGateway> redis, ScheduledExecutorService timer) {
        this.namespace = namespace;
        this.redis = redis;
        this.timer = timer;
    }

    public CompletableFuture<Void> send(CallId id, CallOutcome outcome) {
        UnsentResult letter = new UnsentResult(id, outcome.toBytes(), new CompletableFuture<>());
        synchronized (this) {
            waiting.add(letter);
            if (busy) {
                return letter.stored();
            }
            busy = true;
        }
        sendNext();
        return letter.stored();
    }

    private void sendNext() {
        List<UnsentResult> letters;
        synchronized (this) {
            if (waiting.isEmpty()) {
                busy = false;
                return;
            }
            letters = waiting;
            waiting = new ArrayList<>();
        }
        send(letters);
    }

    private void send(List<UnsentResult> letters) {
        redis.get()
                .redisson()
                .thenCompose(client -> {
                    RBatch batch = client.createBatch(BatchOptions.defaults());
                    bySession(letters).forEach((session, records) -> {
                        RMapAsync<String, byte[]> map =
                                batch.getMap(RedisQueueKeys.results(namespace, session), RecordCodec.INSTANCE);
                        map.putAllAsync(records);
                        map.expireAsync(KEPT);
                        batch.getTopic(RedisQueueKeys.resultsChannel(namespace, session), StringCodec.INSTANCE)
                                .publishAsync("");
                    });
                    return batch.executeAsync();
                })
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        timer.schedule(() -> send(letters), 200, TimeUnit.MILLISECONDS);
                    } else {
                        letters.forEach(letter -> letter.stored().complete(null));
                        sendNext();
                    }
                });
    }

    private static Map<UUID, Map<String, byte[]>> bySession(List<UnsentResult> letters) {
        Map<UUID, Map<String, byte[]>> out = new HashMap<>();
        for (UnsentResult letter : letters) {
            out.computeIfAbsent(letter.id().session(), s -> new HashMap<>())
                    .put(letter.id().toString(), letter.record());
        }
        return out;
    }
}
