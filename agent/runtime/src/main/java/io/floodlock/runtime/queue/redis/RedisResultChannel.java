package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.ResultChannel;
import io.floodlock.runtime.redis.ChannelListener;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.redisson.api.RMap;
import org.redisson.client.codec.ByteArrayCodec;

/** Results in a hash of the receiving session, and a hint by pub/sub; the script is deliver.lua. Thread-safe. */
public final class RedisResultChannel implements ResultChannel {

    private static final Script DELIVER = Script.load(RedisResultChannel.class, "deliver.lua");
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final Supplier<RedisGateway> redis;
    private final String namespace;

    public RedisResultChannel(Supplier<RedisGateway> redis, String namespace) {
        this.redis = redis;
        this.namespace = namespace;
    }

    @Override
    public CompletableFuture<Void> listen(UUID session, Runnable look) {
        ChannelListener listener = new ChannelListener() {
            @Override
            public void message(String text) {
                look.run();
            }

            @Override
            public void subscribed() {
                look.run();
            }
        };
        return redis.get()
                .subscribe(RedisQueueKeys.resultsChannel(namespace, session), listener)
                .thenApply(done -> null);
    }

    @Override
    public CompletableFuture<Void> take(UUID session, BiConsumer<String, byte[]> found) {
        return redis.get().redisson().thenCompose(client -> {
            RMap<String, byte[]> map = client.getMap(RedisQueueKeys.results(namespace, session), RecordCodec.INSTANCE);
            return map.readAllMapAsync().thenCompose(all -> {
                all.forEach(found);
                return all.isEmpty()
                        ? CompletableFuture.completedFuture(null)
                        : map.fastRemoveAsync(all.keySet().toArray(String[]::new))
                                .thenApply(removed -> null);
            });
        });
    }

    @Override
    public CompletableFuture<Void> store(UUID session, Map<String, byte[]> results) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(LaneChange.utf8(RedisQueueKeys.resultsChannel(namespace, session)));
        arguments.add(LaneChange.utf8(Long.toString(KEPT.toMillis())));
        results.forEach((call, record) -> {
            arguments.add(LaneChange.utf8(call));
            arguments.add(record);
        });
        return redis.get()
                .run(ByteArrayCodec.INSTANCE, DELIVER, RedisQueueKeys.results(namespace, session), arguments.toArray())
                .thenApply(done -> null);
    }
}
