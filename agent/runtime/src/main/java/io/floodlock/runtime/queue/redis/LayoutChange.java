package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.record.ProducerProgress;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.redisson.client.codec.StringCodec;

/**
 * The steps of a change of a queue's number of lanes in Redis. {@link RedisLayouts} and, for the last two, the
 * consumers take them. Thread-safe.
 */
final class LayoutChange {

    /*
     * Another number of lanes gives most keys another lane. Calls of a key must not run in both at once. So a changed
     * layout has streams of its own, of the next generation, and the calls of the former one run first:
     *
     *   BEGUN     The hash names the next layout. Producers go on.
     *   SEALED    One stream after the other takes no new entry, only repetitions of those that it may have: whether
     *             an entry is stored is always answered where it was sent first. Producers whose entries are refused
     *             prepare again, and so finish the change that another JVM began.
     *   SWITCHED  All streams are sealed; the hash has the new layout, and the former one. Producers store calls in the
     *             new streams. Consumers own lanes of the former layout.
     *   RETIRED   No call of a stream is left: it is removed, and only the name of the next layout stays in its place,
     *             so that a producer that was away, or a JVM that finds no hash, is not misled.
     *   ENDED     All streams are retired. The new lanes know what numbered sessions had reached, as their calls may be
     *             sent again. The hash has no former layout any more. Consumers own the new lanes.
     *
     * Order. A call that is stored in a new stream was accepted after all streams were sealed. A repetition that a
     * sealed stream takes later belongs to a call that has not returned: no call was made after it.
     *
     * Each step is harmless if repeated, and any JVM takes the next one: producers up to SWITCHED, consumers the rest.
     */

    private static final Script RELAYOUT = Script.load(LayoutChange.class, "relayout.lua");
    private static final Script SEAL = Script.load(LayoutChange.class, "seal.lua");
    private static final Script RETIRE = Script.load(LayoutChange.class, "retire.lua");
    private static final Script INHERIT = Script.load(LayoutChange.class, "inherit.lua");

    /** For the keys of the lanes of a former layout. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final Supplier<RedisGateway> redis;
    private final RedisQueueKeys keys;
    private final String queue;

    LayoutChange(Supplier<RedisGateway> redis, RedisQueueKeys keys, String queue) {
        this.redis = redis;
        this.keys = keys;
        this.queue = queue;
    }

    CompletableFuture<?> begin(LaneLayout layout, LaneLayout next) {
        return relayout("begin", layout, next);
    }

    CompletableFuture<?> switchOver(LaneLayout layout, LaneLayout next) {
        return relayout("switch", layout, next);
    }

    private CompletableFuture<?> relayout(String step, LaneLayout layout, LaneLayout next) {
        return redis.get()
                .run(StringCodec.INSTANCE, RELAYOUT, keys.queue(), step, layout.toString(), next.toString())
                .thenAccept(reply -> {
                    if (!String.valueOf(reply.get(0)).equals("OK")) {
                        throw Failure.UNAVAILABLE.because("The lanes of queue " + queue
                                + " can't be changed now: calls that were stored before the last change are left."
                                + " Change them again when these have ended.");
                    }
                });
    }

    CompletableFuture<?> seal(LaneLayout layout, LaneLayout next) {
        return allOf(layout.streams().stream()
                .map(keys::stream)
                .map(stream -> redis.get()
                        .run(
                                StringCodec.INSTANCE,
                                SEAL,
                                List.of(stream.calls(), stream.state()),
                                RedisLaneLog.FORMAT,
                                layout.toString(),
                                next.toString()))
                .toList());
    }

    /**
     * Ends a former layout, if no call of it is left.
     *
     * @param present asks for the layout that follows it
     * @return how many are left
     */
    CompletableFuture<Long> retire(LaneLayout former, Supplier<CompletableFuture<LaneLayout>> present) {
        return allOf(former.streams().stream()
                        .map(stream -> retire(former, stream))
                        .toList())
                .thenCompose(replies -> {
                    long left = replies.stream()
                            .filter(reply -> String.valueOf(reply.get(0)).equals("WAITS"))
                            .mapToLong(reply -> Math.max(1, Long.parseLong(String.valueOf(reply.get(1)))))
                            .sum();
                    return left > 0 ? CompletableFuture.completedFuture(left) : end(former, replies, present);
                });
    }

    private CompletableFuture<List<Object>> retire(LaneLayout former, int stream) {
        RedisQueueKeys.StreamKeys of = keys.stream(stream);
        List<String> names = new ArrayList<>(List.of(of.calls(), of.state(), of.lows()));
        for (int lane : former.lanesOf(stream)) {
            RedisQueueKeys.LaneKeys each = keys.lane(stream, lane);
            names.addAll(List.of(each.owner(), each.identities(), each.marks(), each.attempts(), each.parked()));
        }
        return redis.get().run(StringCodec.INSTANCE, RETIRE, names, Long.toString(KEPT.toMillis()));
    }

    private CompletableFuture<Long> end(
            LaneLayout former, List<List<Object>> replies, Supplier<CompletableFuture<LaneLayout>> present) {
        Map<String, ProducerProgress> reached = furthest(replies);
        return present.get()
                .thenCompose(next -> inherit(next, reached).thenCompose(inherited -> relayout("end", former, next)))
                .thenApply(ended -> 0L);
    }

    /** What each numbered session has reached in any lane: their calls are sent in the order of their numbers. */
    private static Map<String, ProducerProgress> furthest(List<List<Object>> replies) {
        Map<String, ProducerProgress> furthest = new HashMap<>();
        for (List<Object> reply : replies) {
            for (int i = 1; i + 1 < reply.size(); i += 2) {
                furthest.merge(
                        String.valueOf(reply.get(i)),
                        ProducerProgress.parse(String.valueOf(reply.get(i + 1))),
                        (a, b) -> a.sequence() >= b.sequence() ? a : b);
            }
        }
        return furthest;
    }

    private CompletableFuture<?> inherit(LaneLayout next, Map<String, ProducerProgress> sessions) {
        if (sessions.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Object[] arguments = sessions.entrySet().stream()
                .flatMap(one -> Stream.of(one.getKey(), one.getValue().toString()))
                .toArray();
        return allOf(next.streams().stream()
                .map(stream -> next.lanesOf(stream).stream()
                        .map(lane -> keys.lane(stream, lane).identities())
                        .toList())
                .map(names -> redis.get().run(StringCodec.INSTANCE, INHERIT, names, arguments))
                .toList());
    }

    static <T> CompletableFuture<List<T>> allOf(List<CompletableFuture<T>> all) {
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
    }
}
