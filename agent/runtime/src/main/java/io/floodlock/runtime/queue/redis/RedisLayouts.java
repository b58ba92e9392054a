package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.redisson.client.codec.StringCodec;

/**
 * Reads the layout of a queue, which Redis stores when the queue is first used, and creates its streams. Each producer
 * and each consuming JVM prepares the layout before it uses the queue. Thread-safe.
 */
final class RedisLayouts {

    /*
     * A new queue gets one stream on each master, so that one request stores the calls of many lanes, and that a dead
     * master concerns its own lanes only. A stream's number gives its slot; of the numbers whose slots are on the same
     * master, the lowest is taken.
     *
     * A key has one lane, so all JVMs must use one layout, also after Redis has lost data. Hence:
     *
     *   - The queue's hash holds the layout. A JVM that knows it stores this one if the hash is lost, and not that of
     *     its settings. A consuming JVM does so with each of its registrations, a producer as soon as a stream is
     *     missing.
     *   - Each stream holds the layout too. It takes entries only of producers that know the same. So a producer with
     *     another layout learns of it before it stores a call in the wrong lane.
     *   - If only the hash is lost, a new JVM may store another layout. It looks at all streams that the queue could
     *     have before it uses them, and then finds the old layout at the streams that hold calls: this one replaces its
     *     own. A stream without calls gets the new layout, which breaks no order.
     */

    private static final Script DESCRIBE = Script.load(RedisLayouts.class, "describe.lua");
    private static final Script CREATE = Script.load(RedisLayouts.class, "create.lua");
    private static final int MOST_CORRECTIONS = 5;

    private final Supplier<RedisGateway> redis;
    private final RedisQueueKeys keys;
    private final String queue;
    private final int lanesWhenNew;

    /** The layout to store if Redis has none: the last one found in Redis; null if none was. */
    private volatile LaneLayout known;

    /** @param lanesWhenNew number of lanes if the queue does not exist yet */
    RedisLayouts(Supplier<RedisGateway> redis, RedisQueueKeys keys, String queue, int lanesWhenNew) {
        this.redis = redis;
        this.keys = keys;
        this.queue = queue;
        this.lanesWhenNew = lanesWhenNew;
    }

    /**
     * Reads or stores the layout, and creates missing streams. When it completes, all streams exist.
     *
     * @return fails with UNAVAILABLE if the queue is stored in another format or its layout is invalid
     */
    CompletableFuture<LaneLayout> prepare() {
        LaneLayout last = known;
        return (last == null ? layoutWhenNew() : CompletableFuture.completedFuture(last))
                .thenCompose(whenNew -> prepare(whenNew, "", MOST_CORRECTIONS));
    }

    private CompletableFuture<LaneLayout> layoutWhenNew() {
        List<String> candidates = IntStream.range(0, LaneLayout.MOST_STREAMS)
                .mapToObj(stream -> keys.stream(stream).calls())
                .toList();
        return redis.get().masters(candidates).thenApply(masters -> {
            Set<Object> seen = new HashSet<>();
            List<Integer> streams = IntStream.range(0, Math.min(lanesWhenNew, masters.size()))
                    .filter(stream -> seen.add(masters.get(stream)))
                    .boxed()
                    .toList();
            return new LaneLayout(lanesWhenNew, streams);
        });
    }

    /** @param wrong layout that the stored one must not be; empty if any will do */
    private CompletableFuture<LaneLayout> prepare(LaneLayout whenNew, String wrong, int corrections) {
        return redis.get()
                .run(StringCodec.INSTANCE, DESCRIBE, keys.queue(), RedisLaneLog.FORMAT, whenNew.toString(), wrong)
                .thenCompose(reply -> {
                    LaneLayout layout = layout(reply);
                    return create(layout).thenCompose(found -> {
                        if (found.equals(layout)) {
                            known = layout;
                            return CompletableFuture.completedFuture(layout);
                        }
                        if (corrections == 0) {
                            throw Failure.UNAVAILABLE.because("Queue " + queue + " has streams that hold calls for "
                                    + layout.lanes() + " lanes and for " + found.lanes()
                                    + " lanes: Redis has lost a part of the queue. Delete the queue's keys, or stop its"
                                    + " producers until the streams are empty.");
                        }
                        return prepare(found, layout.toString(), corrections - 1);
                    });
                });
    }

    /** Creates missing streams; returns the layout, or another one for which a stream with calls is laid out. */
    private CompletableFuture<LaneLayout> create(LaneLayout layout) {
        List<CompletableFuture<LaneLayout>> all = new ArrayList<>();
        for (int i = 0; i < LaneLayout.MOST_STREAMS; i++) {
            RedisQueueKeys.StreamKeys stream = keys.stream(i);
            boolean used = layout.streams().contains(i);
            all.add(redis.get()
                    .run(
                            StringCodec.INSTANCE,
                            CREATE,
                            List.of(stream.calls(), stream.state()),
                            RedisLaneLog.FORMAT,
                            layout.toString(),
                            used ? "1" : "0")
                    .thenApply(reply -> parse(reply.get(0), stream.state())));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> all.stream()
                        .map(CompletableFuture::join)
                        .filter(found -> !found.equals(layout))
                        .findFirst()
                        .orElse(layout));
    }

    private LaneLayout layout(List<Object> reply) {
        String version = String.valueOf(reply.get(0));
        if (!version.equals(RedisLaneLog.FORMAT)) {
            throw Failure.UNAVAILABLE.because("Queue " + queue + " is stored in format " + version
                    + ", this agent knows format " + RedisLaneLog.FORMAT
                    + ". Run one version of the agent, and empty the queue before you change the version.");
        }
        return parse(reply.get(1), keys.queue());
    }

    private LaneLayout parse(Object stored, String key) {
        try {
            return LaneLayout.parse(String.valueOf(stored));
        } catch (MalformedRecordException e) {
            throw Failure.UNAVAILABLE.because(
                    "Queue " + queue + " has the layout '" + stored + "' in Redis, which is none: " + e.getMessage()
                            + ". Another program has written to " + key + ".",
                    e);
        }
    }
}
