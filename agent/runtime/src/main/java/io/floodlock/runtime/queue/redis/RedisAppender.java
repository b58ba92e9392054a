package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.store.Appender;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.redisson.client.codec.ByteArrayCodec;

/** Adds entries to Redis streams; the script is add.lua. Thread-safe. */
final class RedisAppender implements Appender {

    private static final Script ADD = Script.load(RedisAppender.class, "add.lua");
    private static final byte[] FIELD = LaneChange.utf8(RedisLaneLog.FORMAT);

    private final Supplier<RedisGateway> redis;
    private final RedisQueueKeys keys;

    RedisAppender(Supplier<RedisGateway> redis, RedisQueueKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    @Override
    public CompletableFuture<Answer> append(
            LaneLayout layout, int stream, int calls, byte[] entry, List<Integer> loads) {
        RedisQueueKeys.StreamKeys to = keys.stream(stream);
        Object[] arguments = new Object[4 + loads.size()];
        arguments[0] = LaneChange.utf8(layout.toString());
        arguments[1] = RedisLaneLog.bytes(calls);
        arguments[2] = FIELD;
        arguments[3] = entry;
        for (int i = 0; i < loads.size(); i++) {
            arguments[4 + i] = RedisLaneLog.bytes(loads.get(i));
        }
        return redis.get()
                .run(ByteArrayCodec.INSTANCE, ADD, List.of(to.calls(), to.state()), arguments)
                .thenApply(RedisAppender::answer);
    }

    private static Answer answer(List<Object> reply) {
        String word = LaneSnapshot.text(reply.get(0));
        switch (word) {
            case "OK":
                String id = LaneSnapshot.text(reply.get(2));
                List<Long> loads = new ArrayList<>(reply.size() - 3);
                for (Object load : reply.subList(3, reply.size())) {
                    loads.add(Long.parseLong(LaneSnapshot.text(load)));
                }
                return new Answer(
                        Outcome.STORED,
                        Long.parseLong(LaneSnapshot.text(reply.get(1))),
                        id.isEmpty() ? null : Position.parse(id),
                        loads,
                        "");
            case "MISSING":
                return new Answer(Outcome.NO_STREAM, 0, null, List.of(), "");
            case "LAYOUT":
                return new Answer(Outcome.OTHER_LAYOUT, 0, null, List.of(), LaneSnapshot.text(reply.get(1)));
            default:
                return new Answer(Outcome.REFUSED, 0, null, List.of(), LaneSnapshot.text(reply.get(1)));
        }
    }
}
