package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
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
     *
     * LayoutChange says how the number of lanes is changed.
     */

    private static final Script DESCRIBE = Script.load(RedisLayouts.class, "describe.lua");
    private static final Script CREATE = Script.load(RedisLayouts.class, "create.lua");
    private static final int MOST_CORRECTIONS = 5;

    private final Supplier<RedisGateway> redis;
    private final RedisQueueKeys keys;
    private final String queue;
    private final int lanesWhenNew;
    private final LayoutChange change;

    /** The layout to store if Redis has none: the last one found in Redis; null if none was. */
    private volatile LaneLayout known;

    /** @param lanesWhenNew number of lanes if the queue does not exist yet */
    RedisLayouts(Supplier<RedisGateway> redis, RedisQueueKeys keys, String queue, int lanesWhenNew) {
        this.redis = redis;
        this.keys = keys;
        this.queue = queue;
        this.lanesWhenNew = lanesWhenNew;
        this.change = new LayoutChange(redis, keys, queue);
    }

    /**
     * Reads or stores the layout, and creates missing streams. When it completes, all streams exist.
     *
     * @return fails with UNAVAILABLE if the queue is stored in another format or its layout is invalid
     */
    CompletableFuture<LaneLayout> prepare() {
        return described().thenApply(Described::layout);
    }

    /** The layout that was found in Redis last; null if none was. */
    LaneLayout known() {
        return known;
    }

    /** What {@link #prepare} returns, with the layout before it as long as calls of that are left. */
    CompletableFuture<CallStore.Layouts> layouts() {
        return described().thenApply(found -> new CallStore.Layouts(found.layout(), found.former()));
    }

    private CompletableFuture<Described> described() {
        LaneLayout last = known;
        return (last == null
                        ? slots(lanesWhenNew).thenApply(slots -> new LaneLayout(lanesWhenNew, slots))
                        : CompletableFuture.completedFuture(last))
                .thenCompose(whenNew -> describe(whenNew, "", "", MOST_CORRECTIONS));
    }

    /** One slot on each master. */
    private CompletableFuture<List<Integer>> slots(int lanes) {
        List<String> candidates = IntStream.range(0, LaneLayout.MOST_STREAMS)
                .mapToObj(stream -> keys.stream(stream).calls())
                .toList();
        return redis.get().masters(candidates).thenApply(masters -> {
            Set<Object> seen = new HashSet<>();
            return IntStream.range(0, Math.min(lanes, masters.size()))
                    .filter(stream -> seen.add(masters.get(stream)))
                    .boxed()
                    .toList();
        });
    }

    /**
     * What is stored.
     *
     * @param next the layout that is to follow; null for none
     * @param former the layout before, of which calls are left; null for none
     */
    private record Described(LaneLayout layout, LaneLayout next, LaneLayout former) {}

    /**
     * @param wrong layout that the stored one must not be; empty if any will do
     * @param former layout of which calls were found; empty for none
     */
    private CompletableFuture<Described> describe(LaneLayout whenNew, String wrong, String former, int corrections) {
        return redis.get()
                .run(
                        StringCodec.INSTANCE,
                        DESCRIBE,
                        keys.queue(),
                        RedisLaneLog.FORMAT,
                        whenNew.toString(),
                        wrong,
                        former)
                .thenApply(this::described)
                .thenCompose(found -> found.next() == null
                        ? create(found, corrections)
                        : goOn(found.layout(), found.next())
                                .thenCompose(done -> describe(found.next(), "", "", corrections)));
    }

    /** Creates missing streams, and corrects the hash where they are laid out for another layout. */
    private CompletableFuture<Described> create(Described described, int corrections) {
        LaneLayout layout = described.layout();
        return create(layout).thenCompose(streams -> {
            LaneLayout found = streams.layout();
            if (found.equals(layout) && (streams.former() == null || described.former() != null)) {
                known = layout;
                return CompletableFuture.completedFuture(described);
            }
            if (corrections == 0) {
                throw Failure.UNAVAILABLE.because("Queue " + queue + " has streams that hold calls for "
                        + layout.lanes() + " lanes and for " + found.lanes()
                        + " lanes: Redis has lost a part of the queue. Delete the queue's keys, or stop its"
                        + " producers until the streams are empty.");
            }
            String left = streams.former() == null ? "" : streams.former().toString();
            String wrong = found.equals(layout) ? "" : layout.toString();
            CompletableFuture<?> closed = layout.equals(streams.former())
                    ? change.seal(layout, found)
                    : CompletableFuture.completedFuture(null);
            return closed.thenCompose(done -> describe(found, wrong, left, corrections - 1));
        });
    }

    /**
     * Creates missing streams.
     *
     * @return the layout, or another one for which a stream with calls is laid out, and a former one of which calls
     *     may be left
     */
    private CompletableFuture<Described> create(LaneLayout layout) {
        List<CompletableFuture<Described>> all = new ArrayList<>();
        for (int slot = 0; slot < LaneLayout.MOST_STREAMS; slot++) {
            int number = layout.stream(slot);
            RedisQueueKeys.StreamKeys stream = keys.stream(number);
            RedisQueueKeys.StreamKeys before =
                    layout.generation() == 0 ? stream : keys.stream(number - LaneLayout.MOST_STREAMS);
            boolean used = layout.streams().contains(number);
            all.add(redis.get()
                    .run(
                            StringCodec.INSTANCE,
                            CREATE,
                            List.of(stream.calls(), stream.state(), before.calls(), before.state()),
                            RedisLaneLog.FORMAT,
                            layout.toString(),
                            used ? "1" : "0")
                    .thenApply(reply -> new Described(
                            parse(reply.get(0), stream.state()), null, parseIfAny(reply.get(1), before.state()))));
        }
        return LayoutChange.allOf(all).thenApply(streams -> {
            LaneLayout found = streams.stream()
                    .map(Described::layout)
                    .filter(other -> !other.equals(layout))
                    .findFirst()
                    .orElse(layout);
            LaneLayout former = streams.stream()
                    .map(Described::former)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
            return new Described(found, null, former);
        });
    }

    /** Gives the queue another number of lanes. */
    CompletableFuture<LaneLayout> change(int lanes) {
        return described().thenCompose(found -> {
            if (found.layout().lanes() == lanes) {
                return CompletableFuture.completedFuture(found.layout());
            }
            return slots(lanes)
                    .thenCompose(
                            slots -> change.begin(found.layout(), found.layout().next(lanes, slots)))
                    .thenCompose(next -> prepare());
        });
    }

    /** Finishes a change that has begun, up to the switch of the producers. */
    private CompletableFuture<?> goOn(LaneLayout layout, LaneLayout next) {
        return change.seal(layout, next)
                .thenCompose(closed -> create(next))
                .thenCompose(created -> change.switchOver(layout, next));
    }

    /**
     * Ends a former layout, if no call of it is left.
     *
     * @return how many are left
     */
    CompletableFuture<Long> retire(LaneLayout former) {
        return change.retire(former, this::prepare);
    }

    private Described described(List<Object> reply) {
        String version = String.valueOf(reply.get(0));
        if (!version.equals(RedisLaneLog.FORMAT)) {
            throw Failure.UNAVAILABLE.because("Queue " + queue + " is stored in format " + version
                    + ", this agent knows format " + RedisLaneLog.FORMAT
                    + ". Run one version of the agent, and empty the queue before you change the version.");
        }
        return new Described(
                parse(reply.get(1), keys.queue()),
                parseIfAny(reply.get(2), keys.queue()),
                parseIfAny(reply.get(3), keys.queue()));
    }

    /** Null for an empty text. */
    private LaneLayout parseIfAny(Object stored, String key) {
        return String.valueOf(stored).isEmpty() ? null : parse(stored, key);
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
