package io.floodlock.runtime.queue.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RMapAsync;
import org.redisson.client.codec.StringCodec;

/**
 * A queue's counters of sent and finished calls, read as part of a caller's pipeline. {@code CapacityGate} estimates
 * the queue's backlog from them. {@link #backlog} waits for the pipeline's replies, so call it only after the pipeline
 * has completed.
 */
public final class RedisLaneCounters {

    private final List<RFuture<Collection<String>>> sent = new ArrayList<>();
    private final List<RFuture<String>> finished = new ArrayList<>();

    private RedisLaneCounters() {}

    public static RedisLaneCounters read(RBatch batch, RedisQueueKeys keys, int lanes) {
        RedisLaneCounters counters = new RedisLaneCounters();
        for (int lane = 0; lane < lanes; lane++) {
            RMapAsync<String, String> totals = batch.getMap(keys.lane(lane).totals(), StringCodec.INSTANCE);
            counters.sent.add(totals.readAllValuesAsync());
            RMapAsync<String, String> state = batch.getMap(keys.lane(lane).state(), StringCodec.INSTANCE);
            counters.finished.add(state.getAsync("finished"));
        }
        return counters;
    }

    /** Calls sent to a lane and not finished; zero if the counters can't be read. */
    public long backlog(int lane) {
        try {
            long all = 0;
            for (String total : sent.get(lane).toCompletableFuture().join()) {
                all += Long.parseLong(total);
            }
            String done = finished.get(lane).toCompletableFuture().join();
            return all - (done == null ? 0 : Long.parseLong(done));
        } catch (RuntimeException e) {
            return 0;
        }
    }
}
