package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * Adds entries to lanes of one queue, and reads how many calls of these lanes are unfinished; the script is add.lua.
 * {@code Producer} uses it. Thread-safe.
 */
public final class RedisLaneEntries {

    private static final Script ADD = Script.load(RedisLaneEntries.class, "add.lua");
    private static final byte[] FIELD = LaneChange.utf8(RedisLaneLog.FORMAT);
    private static final byte[] NONE = {};

    /**
     * What is to be added to a lane.
     *
     * @param calls number of calls in the entry; 0 if only the lane's unfinished calls are to be counted
     */
    public record Addition(int lane, int calls, byte[] entry) {

        /** Adds nothing, and counts the lane's unfinished calls. */
        public static Addition count(int lane) {
            return new Addition(lane, 0, NONE);
        }
    }

    /** Whether an entry was stored. */
    public enum Outcome {
        OK,
        /** The lane does not exist: Redis has lost its data, or is another server now. */
        MISSING,
        /** The queue has another number of lanes. */
        LANES,
        /** Redis refused the entry. */
        ERROR
    }

    /**
     * The reply for one lane. The entry is stored if the outcome is OK, and only then.
     *
     * @param unfinished number of the lane's unfinished calls
     * @param id of the entry; null without one
     * @param detail the error, or the other number of lanes
     */
    public record Answer(Outcome outcome, long unfinished, Position id, String detail) {}

    private final RedisQueueKeys keys;

    public RedisLaneEntries(RedisQueueKeys keys) {
        this.keys = keys;
    }

    /**
     * Adds one entry to each of several lanes. After a failure it is unknown which entries are stored.
     *
     * @param lanes number of lanes of the queue, as this producer knows it
     * @param additions at least one, of different lanes; on a cluster all of one slot
     * @return an answer for each addition, in their order
     */
    public CompletableFuture<List<Answer>> add(RedisGateway redis, int lanes, List<Addition> additions) {
        List<String> names = new ArrayList<>(2 * additions.size());
        Object[] arguments = new Object[2 + 2 * additions.size()];
        arguments[0] = RedisLaneLog.bytes(lanes);
        int at = 1;
        for (Addition addition : additions) {
            names.add(keys.lane(addition.lane()).stream());
            names.add(keys.lane(addition.lane()).state());
            arguments[at++] = RedisLaneLog.bytes(addition.calls());
            arguments[at++] = addition.entry();
        }
        arguments[at] = FIELD;
        return redis.run(ByteArrayCodec.INSTANCE, ADD, names, arguments)
                .thenApply(reply -> reply.stream().map(RedisLaneEntries::answer).toList());
    }

    private static Answer answer(Object reply) {
        List<?> parts = (List<?>) reply;
        Outcome outcome = Outcome.valueOf(LaneSnapshot.text(parts.get(0)));
        if (outcome != Outcome.OK) {
            return new Answer(outcome, 0, null, parts.size() > 1 ? LaneSnapshot.text(parts.get(1)) : "");
        }
        String id = LaneSnapshot.text(parts.get(2));
        return new Answer(
                outcome, Long.parseLong(LaneSnapshot.text(parts.get(1))), id.isEmpty() ? null : Position.parse(id), "");
    }
}
