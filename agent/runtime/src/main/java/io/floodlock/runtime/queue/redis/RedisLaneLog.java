package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneLog;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import io.floodlock.runtime.queue.store.LaneStep;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.redisson.client.codec.ByteArrayCodec;

/** One lane in Redis; the script of its takeover is takeover.lua. Thread-safe. */
final class RedisLaneLog implements LaneLog {

    /** The version of all that is stored of a queue; each change of the format raises it. */
    public static final String FORMAT = EntryRecord.VERSION;

    private static final Script TAKEOVER = Script.load(RedisLaneLog.class, "takeover.lua");

    private final RedisGateway redis;
    private final RedisQueueKeys.LaneKeys keys;
    private final RedisProgress progress;

    /** @param progress of the lane's stream; all lanes that this JVM owns there share it */
    RedisLaneLog(RedisGateway redis, RedisQueueKeys.LaneKeys keys, RedisProgress progress) {
        this.redis = redis;
        this.keys = keys;
        this.progress = progress;
    }

    @Override
    public CompletableFuture<LaneSnapshot> takeOver(long epoch, UUID owner) {
        return redis.run(
                        ByteArrayCodec.INSTANCE,
                        TAKEOVER,
                        List.of(
                                keys.stream().calls(),
                                keys.stream().state(),
                                keys.stream().lows(),
                                keys.owner(),
                                keys.identities(),
                                keys.marks(),
                                keys.attempts(),
                                keys.parked()),
                        bytes(epoch),
                        LaneChange.utf8(owner.toString()),
                        LaneChange.utf8(FORMAT),
                        bytes(keys.number()))
                .thenApply(reply -> {
                    String answer = LaneSnapshot.text(reply.get(0));
                    if (!answer.equals("OK")) {
                        if (answer.equals("RETIRED")) {
                            throw new IllegalStateException(
                                    "the queue has another layout, and no call of this one is left");
                        }
                        throw new IllegalStateException(
                                answer.equals("VERSION")
                                        ? "the lane is stored in format " + LaneSnapshot.text(reply.get(1))
                                                + ", this agent knows " + FORMAT
                                                + "; run the agent version that wrote it, or let it empty the queue"
                                        : "a later owner has taken over the lane");
                    }
                    return LaneSnapshot.of(reply);
                });
    }

    @Override
    public CompletableFuture<Answer> apply(LaneStep step) {
        return progress.store(keys, step);
    }

    @Override
    public CompletableFuture<List<byte[]>> parked(List<String> fields) {
        return redis.fields(keys.parked(), fields.toArray(String[]::new))
                .thenApply(found -> found.stream().map(byte[].class::cast).toList());
    }

    static byte[] bytes(long number) {
        return LaneChange.utf8(Long.toString(number));
    }
}
