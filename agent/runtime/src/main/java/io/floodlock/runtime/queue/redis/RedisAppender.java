package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.store.Appender;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import io.floodlock.runtime.queue.store.OutgoingEntry;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.redisson.client.codec.ByteArrayCodec;

/** Adds entries to Redis streams; the script is add.lua. Thread-safe. */
final class RedisAppender implements Appender {

    private static final Script ADD = Script.load(RedisAppender.class, "add.lua");
    /** Shorter than the client's timeout; an entry that too few replicas have by then is added again. */
    private static final Duration REPLICATION = Duration.ofMillis(500);

    private static final byte[] FIELD = LaneChange.utf8(RedisLaneLog.FORMAT);

    private final Supplier<RedisGateway> redis;
    private final RedisQueueKeys keys;

    RedisAppender(Supplier<RedisGateway> redis, RedisQueueKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    @Override
    public CompletableFuture<Answer> append(LaneLayout layout, int stream, OutgoingEntry entry, List<Integer> loads) {
        RedisQueueKeys.StreamKeys to = keys.stream(stream);
        List<String> names = new ArrayList<>(2 + entry.dedups().size());
        names.add(to.calls());
        names.add(to.state());
        List<byte[]> arguments =
                new ArrayList<>(6 + loads.size() + 3 * entry.dedups().size());
        arguments.add(LaneChange.utf8(layout.toString()));
        arguments.add(RedisLaneLog.bytes(entry.calls()));
        arguments.add(FIELD);
        arguments.add(entry.bytes());
        arguments.add(RedisLaneLog.bytes(entry.mayBeStored() ? 1 : 0));
        arguments.add(RedisLaneLog.bytes(loads.size()));
        loads.forEach(lane -> arguments.add(RedisLaneLog.bytes(lane)));
        for (OutgoingEntry.Dedup dedup : entry.dedups()) {
            names.add(keys.dedup(stream, dedup.key(), dedup.repeats()));
            arguments.add(RedisLaneLog.bytes(dedup.index()));
            arguments.add(LaneChange.utf8(dedup.id().toString()));
            arguments.add(RedisLaneLog.bytes(dedup.window()));
        }
        if (entry.replicas() == 0) {
            return redis.get()
                    .run(ByteArrayCodec.INSTANCE, ADD, names, arguments.toArray())
                    .thenApply(reply -> answer(reply, 0));
        }
        return redis.get()
                .runReplicated(ByteArrayCodec.INSTANCE, ADD, names, entry.replicas(), REPLICATION, arguments.toArray())
                .thenApply(reply -> answer(reply.answer(), reply.replicas()));
    }

    private static Answer answer(List<Object> reply, int replicas) {
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
                        replicas,
                        "");
            case "MISSING":
                return new Answer(Outcome.NO_STREAM, 0, null, List.of(), 0, "");
            case "LAYOUT":
                return new Answer(Outcome.OTHER_LAYOUT, 0, null, List.of(), 0, LaneSnapshot.text(reply.get(1)));
            case "SEALED":
                return new Answer(Outcome.SEALED, 0, null, List.of(), 0, "");
            case "RETIRED":
                return new Answer(Outcome.RETIRED, 0, null, List.of(), 0, "");
            default:
                return new Answer(Outcome.REFUSED, 0, null, List.of(), 0, LaneSnapshot.text(reply.get(1)));
        }
    }
}
