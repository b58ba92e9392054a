package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.store.ConsumerDirectory;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.redisson.client.codec.StringCodec;

/** The consumers of one queue in Redis; the script is members.lua. Thread-safe. */
final class RedisConsumerDirectory implements ConsumerDirectory {

    private static final Script MEMBERS = Script.load(RedisConsumerDirectory.class, "members.lua");

    private final Supplier<RedisGateway> redis;
    private final RedisQueueKeys keys;

    RedisConsumerDirectory(Supplier<RedisGateway> redis, RedisQueueKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    @Override
    public CompletableFuture<Found> announce(UUID self, Duration valid, String text, LaneLayout known) {
        return redis.get()
                .run(
                        StringCodec.INSTANCE,
                        MEMBERS,
                        List.of(keys.members(), keys.queue()),
                        self.toString(),
                        Long.toString(valid.toMillis()),
                        text,
                        RedisLaneLog.FORMAT,
                        known.toString())
                .thenApply(RedisConsumerDirectory::found);
    }

    private static Found found(List<Object> reply) {
        Map<UUID, String> members = new HashMap<>();
        int keys = Integer.parseInt(String.valueOf(reply.get(3)));
        Set<String> paused =
                reply.subList(4, 4 + keys).stream().map(String::valueOf).collect(Collectors.toSet());
        for (int i = 4 + keys; i + 1 < reply.size(); i += 2) {
            try {
                members.put(UUID.fromString(String.valueOf(reply.get(i))), String.valueOf(reply.get(i + 1)));
            } catch (IllegalArgumentException e) {
                // a registration of another format is ignored
            }
        }
        return new Found(String.valueOf(reply.get(0)), isSet(reply.get(1)), isSet(reply.get(2)), paused, members);
    }

    private static boolean isSet(Object flag) {
        return String.valueOf(flag).equals("1");
    }
}
