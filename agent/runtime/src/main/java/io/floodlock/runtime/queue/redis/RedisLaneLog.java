package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.record.ReservedCalls;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * One lane in Redis, with the operations of its owner: the takeover, and the storing of its progress. {@code Lane} uses
 * it. Each write carries the owner's epoch, and Redis refuses it once a later owner has taken over. Thread-safe; the
 * scripts are takeover.lua and progress.lua.
 */
public final class RedisLaneLog {

    /** The version of all that is stored of a queue; each change of the format raises it. */
    public static final String FORMAT = EntryRecord.VERSION;

    private static final Script TAKEOVER = Script.load(RedisLaneLog.class, "takeover.lua");
    private static final Script PROGRESS = Script.load(RedisLaneLog.class, "progress.lua");

    private final RedisGateway redis;
    private final RedisQueueKeys.LaneKeys keys;
    private final Outage outage;

    public RedisLaneLog(RedisGateway redis, RedisQueueKeys.LaneKeys keys) {
        this.redis = redis;
        this.keys = keys;
        this.outage = new Outage("Progress in " + keys.state()
                + " can't be stored, so further calls of this lane wait; the" + " agent keeps trying");
    }

    public RedisQueueKeys.LaneKeys keys() {
        return keys;
    }

    /**
     * Raises the lane's epoch and reads the lane's state.
     *
     * @return fails with IllegalStateException if a later owner has taken over, or if the lane is stored in another
     *     format
     */
    public CompletableFuture<LaneSnapshot> takeOver(long epoch, UUID owner) {
        return redis.run(
                        ByteArrayCodec.INSTANCE,
                        TAKEOVER,
                        List.of(
                                keys.stream(),
                                keys.state(),
                                keys.identities(),
                                keys.marks(),
                                keys.attempts(),
                                keys.parked()),
                        bytes(epoch),
                        LaneChange.utf8(owner.toString()),
                        LaneChange.utf8(FORMAT))
                .thenApply(reply -> {
                    String answer = LaneSnapshot.text(reply.get(0));
                    if (!answer.equals("OK")) {
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

    /** The reply of the progress script: OK with the stream's last id, LOST or GAP. */
    public record Answer(String word, String detail) {}

    /**
     * Stores one change of the lane. Sending the same change again is harmless.
     *
     * @param arguments as {@link #arguments} builds them
     */
    public CompletableFuture<Answer> store(List<Object> arguments) {
        return redis.run(
                        ByteArrayCodec.INSTANCE,
                        PROGRESS,
                        List.of(
                                keys.stream(),
                                keys.state(),
                                keys.identities(),
                                keys.marks(),
                                keys.attempts(),
                                keys.parked(),
                                keys.dead()),
                        arguments.toArray())
                .whenComplete((reply, failure) -> {
                    if (failure == null) {
                        outage.succeeded();
                    } else {
                        outage.failed(failure);
                    }
                })
                .thenApply(reply -> new Answer(
                        LaneSnapshot.text(reply.get(0)),
                        reply.size() > 1 ? String.valueOf(LaneSnapshot.text(reply.get(1))) : ""));
    }

    /** A parked call's record; null if there is none. */
    public CompletableFuture<byte[]> parked(String field) {
        return redis.redisson()
                .thenCompose(client -> client.<String, byte[]>getMap(keys.parked(), RecordCodec.INSTANCE)
                        .getAsync(field)
                        .toCompletableFuture());
    }

    static byte[] bytes(long number) {
        return LaneChange.utf8(Long.toString(number));
    }

    /**
     * The arguments of the progress script for one change.
     *
     * @param change number of the change, counted from 1 since the takeover
     * @param keep the first entry that stays in the stream
     * @param reserved the calls that the owner may run once this change is stored
     * @param leaving whether the owner leaves the lane with this change
     */
    public static List<Object> arguments(
            long epoch,
            long change,
            Position low,
            Position keep,
            long ordinal,
            long finished,
            ReservedCalls reserved,
            boolean leaving,
            LaneChange changes) {
        List<Object> out = new ArrayList<>();
        out.add(bytes(epoch));
        out.add(bytes(change));
        out.add(LaneChange.utf8(low.toString()));
        out.add(LaneChange.utf8(keep.toString()));
        out.add(bytes(ordinal));
        out.add(bytes(finished));
        out.add(LaneChange.utf8(reserved.toString()));
        out.add(bytes(leaving ? 1 : 0));
        changes.appendTo(out);
        return out;
    }
}
