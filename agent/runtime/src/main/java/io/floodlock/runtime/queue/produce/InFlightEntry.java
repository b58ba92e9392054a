package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.redis.RedisQueueKeys;
import io.floodlock.runtime.queue.redis.StreamIds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RMapAsync;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;

/**
 * An entry that was packed and is not confirmed yet, with the calls in it. {@link Producer} sends it again,
 * unchanged, until Redis replies or the deadlines of all its calls have passed. Guarded by its producer's lock.
 */
final class InFlightEntry {

    private static final byte[] FIELD = EntryRecord.VERSION.getBytes(StandardCharsets.UTF_8);

    final int lane;
    final List<OutgoingCall> calls;

    /** Whether it was sent and the reply did not say that Redis refused it. */
    boolean mayBeStored;

    private final UUID session;
    private final long total;
    private final byte[] bytes;
    private RFuture<StreamMessageId> reply;

    /** @param total number of the session's calls for the lane, these included */
    InFlightEntry(int lane, UUID session, long total, byte[] bytes, List<OutgoingCall> calls) {
        this.lane = lane;
        this.session = session;
        this.total = total;
        this.bytes = bytes;
        this.calls = calls;
    }

    /** Whether the deadline of at least one of its calls has not passed. */
    boolean isAwaited(long now) {
        return calls.stream().anyMatch(call -> call.deadline - now > 0);
    }

    void send(RBatch batch, RedisQueueKeys.LaneKeys keys) {
        reply = batch.<byte[], byte[]>getStream(keys.stream(), ByteArrayCodec.INSTANCE)
                .addAsync(StreamAddArgs.entry(FIELD, bytes).noMakeStream());
        RMapAsync<String, String> totals = batch.getMap(keys.totals(), StringCodec.INSTANCE);
        totals.fastPutAsync(session.toString(), Long.toString(total));
    }

    /** The reason why it has no reply; null if it has one. */
    Throwable problem(Throwable ofAll) {
        CompletableFuture<StreamMessageId> own = reply.toCompletableFuture();
        if (!own.isDone()) {
            return ofAll == null ? new IllegalStateException("no reply") : ofAll;
        }
        return own.isCompletedExceptionally()
                ? own.handle((id, problem) -> problem).join()
                : null;
    }

    /** Its stream id, from its reply; null if the lane does not exist. */
    Position entry() {
        StreamMessageId id = reply.toCompletableFuture().join();
        return id == null ? null : StreamIds.entry(id);
    }
}
