package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.store.Appender;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.queue.store.ConsumerDirectory;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.queue.store.LaneLog;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.redisson.client.codec.StringCodec;

/** One queue in Redis. Connects with the first use. Thread-safe. Read {@link RedisQueueKeys} next. */
public final class RedisCallStore implements CallStore {

    private static final Script FATE = Script.load(RedisCallStore.class, "fate.lua");
    private static final Script HOME = Script.load(RedisCallStore.class, "home.lua");

    private static final Script PAUSE = Script.load(RedisCallStore.class, "pause.lua");

    private record StreamOf(LaneLayout layout, int stream) {}

    private final Supplier<RedisGateway> redis;
    private final RedisQueueKeys keys;
    private final RedisLayouts layouts;
    private final Appender appender;
    private final ConsumerDirectory consumers;
    private final Map<StreamOf, RedisProgress> progress = new ConcurrentHashMap<>();

    /** @param lanesWhenNew number of lanes if the queue does not exist yet */
    public RedisCallStore(Supplier<RedisGateway> redis, String namespace, String queue, int lanesWhenNew) {
        this.redis = redis;
        this.keys = new RedisQueueKeys(namespace, queue);
        this.layouts = new RedisLayouts(redis, keys, queue, lanesWhenNew);
        this.appender = new RedisAppender(redis, keys);
        this.consumers = new RedisConsumerDirectory(redis, keys);
    }

    @Override
    public CompletableFuture<LaneLayout> prepare() {
        return layouts.prepare();
    }

    @Override
    public LaneLayout known() {
        return layouts.known();
    }

    @Override
    public CompletableFuture<Layouts> layouts() {
        return layouts.layouts();
    }

    @Override
    public CompletableFuture<LaneLayout> change(int lanes) {
        return layouts.change(lanes);
    }

    @Override
    public CompletableFuture<Long> retire(LaneLayout layout) {
        return layouts.retire(layout);
    }

    @Override
    public CompletableFuture<String> home() {
        return home("");
    }

    @Override
    public CompletableFuture<String> home(String id) {
        return redis.get().run(StringCodec.INSTANCE, HOME, keys.queue(), id).thenApply(reply -> {
            String stored = String.valueOf(reply.get(0));
            return stored.isEmpty() ? null : stored;
        });
    }

    @Override
    public CompletableFuture<Boolean> pause(String key, boolean value) {
        String field = key == null ? "paused" : "paused:" + key;
        return redis.get()
                .run(StringCodec.INSTANCE, PAUSE, keys.queue(), field, value ? "1" : "0")
                .thenApply(reply -> {
                    String word = String.valueOf(reply.get(0));
                    if (word.equals("FULL")) {
                        throw new IllegalStateException(
                                "1000 keys of the queue are paused; resume some, or pause the queue");
                    }
                    return word.equals("1");
                });
    }

    @Override
    public Appender appender() {
        return appender;
    }

    @Override
    public LaneLog lane(LaneLayout layout, int lane) {
        int stream = layout.streamOf(lane);
        RedisProgress shared = progress.computeIfAbsent(
                new StreamOf(layout, stream),
                of -> new RedisProgress(redis.get(), keys.stream(stream), layout.lanesOf(stream)));
        return new RedisLaneLog(redis.get(), keys.lane(stream, lane), shared);
    }

    @Override
    public ConsumerDirectory consumers() {
        return consumers;
    }

    @Override
    public CompletableFuture<Fate> fate(CallId call, int stream, int lane, Position entry) {
        RedisQueueKeys.LaneKeys of = keys.lane(stream, lane);
        return redis.get()
                .run(
                        StringCodec.INSTANCE,
                        FATE,
                        List.of(
                                of.stream().calls(),
                                of.stream().lows(),
                                of.identities(),
                                of.parked(),
                                of.stream().state()),
                        call.session().toString(),
                        Long.toString(call.sequence()),
                        entry.toString(),
                        Integer.toString(lane))
                .thenApply(reply -> Fate.valueOf(String.valueOf(reply.get(0))));
    }

    @Override
    public <T> T await(CompletableFuture<T> answer, Duration patience) {
        return redis.get().await(answer, patience);
    }

    @Override
    public FloodlockFailure explain(Throwable failure) {
        return redis.get().explain(failure);
    }

    @Override
    public boolean isPermanent(FloodlockFailure failure) {
        return RedisGateway.isPermanent(failure);
    }

    @Override
    public String address() {
        return redis.get().address();
    }
}
