package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.redisson.client.codec.StringCodec;

/**
 * Reads the number of lanes of a queue, which Redis stores when the queue is first used, and creates the lanes. Each
 * producer and each consuming JVM prepares the layout before it uses the queue. Thread-safe.
 */
public final class RedisQueueLayout {

    /*
     * A key has one lane, so all JVMs must use one number of lanes, also after Redis has lost data. Hence:
     *
     *   - The queue's hash holds the number. A JVM that knows the number stores this one if the hash is lost, and not
     *     the number of its settings. A consuming JVM does so with each of its registrations, a producer as soon as a
     *     lane is missing.
     *   - Each lane holds the number too. It takes entries only of producers that know this number. So a producer with
     *     another number learns of it before it stores a call in the wrong lane.
     *   - If only the hash is lost, a new JVM may store another number. It creates the lanes before it uses them, and
     *     then finds the old number at the lanes that hold calls: this number replaces its own. A lane without calls
     *     gets the new number, which breaks no order.
     */

    private static final Script DESCRIBE = Script.load(RedisQueueLayout.class, "describe.lua");
    private static final Script CREATE = Script.load(RedisQueueLayout.class, "create.lua");
    private static final int MOST_LANES = 4_096;
    private static final int MOST_CORRECTIONS = 5;

    private final RedisGateway redis;
    private final RedisQueueKeys keys;
    private final String queue;

    /** The number to store if Redis has none: that of the settings, or the last one found in Redis. */
    private volatile int lanesWhenNew;

    /** @param lanesWhenNew number of lanes if the queue does not exist yet */
    public RedisQueueLayout(RedisGateway redis, RedisQueueKeys keys, String queue, int lanesWhenNew) {
        this.redis = redis;
        this.keys = keys;
        this.queue = queue;
        this.lanesWhenNew = lanesWhenNew;
    }

    /**
     * Reads or stores the number of lanes, and creates missing lanes. When it completes, all lanes exist.
     *
     * @return the number of lanes; fails with UNAVAILABLE if the queue is stored in another format or its number of
     *     lanes is invalid
     */
    public CompletableFuture<Integer> prepare() {
        return prepare(lanesWhenNew, "", MOST_CORRECTIONS);
    }

    /** @param wrong number that the stored layout must not have; empty if any will do */
    private CompletableFuture<Integer> prepare(int whenNew, String wrong, int corrections) {
        return redis.run(
                        StringCodec.INSTANCE,
                        DESCRIBE,
                        keys.queue(),
                        RedisLaneLog.FORMAT,
                        Integer.toString(whenNew),
                        wrong)
                .thenCompose(reply -> {
                    int lanes = lanes(reply);
                    return create(lanes).thenCompose(found -> {
                        if (found == lanes) {
                            lanesWhenNew = lanes;
                            return CompletableFuture.completedFuture(lanes);
                        }
                        if (corrections == 0) {
                            throw Failure.UNAVAILABLE.because("Queue " + queue + " has lanes that hold calls for "
                                    + lanes + " lanes and for " + found + " lanes: Redis has lost a part of the queue."
                                    + " Delete the queue's keys, or stop its producers until the lanes are empty.");
                        }
                        return prepare(found, Integer.toString(lanes), corrections - 1);
                    });
                });
    }

    /** Creates missing lanes; returns their number, or another number for which a lane with calls is laid out. */
    private CompletableFuture<Integer> create(int lanes) {
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < lanes; i++) {
            RedisQueueKeys.LaneKeys lane = keys.lane(i);
            all.add(redis.run(
                            StringCodec.INSTANCE,
                            CREATE,
                            List.of(lane.stream(), lane.state(), lane.parked()),
                            RedisLaneLog.FORMAT,
                            Integer.toString(lanes))
                    .thenApply(reply -> number(reply.get(0), lane.state())));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> all.stream()
                        .map(CompletableFuture::join)
                        .filter(found -> found != lanes)
                        .findFirst()
                        .orElse(lanes));
    }

    private int lanes(List<Object> reply) {
        String version = String.valueOf(reply.get(0));
        if (!version.equals(RedisLaneLog.FORMAT)) {
            throw Failure.UNAVAILABLE.because("Queue " + queue + " is stored in format " + version
                    + ", this agent knows format " + RedisLaneLog.FORMAT
                    + ". Run one version of the agent, and empty the queue before you change the version.");
        }
        return number(reply.get(1), keys.queue());
    }

    private int number(Object stored, String key) {
        try {
            int lanes = Integer.parseInt(String.valueOf(stored));
            if (lanes >= 1 && lanes <= MOST_LANES) {
                return lanes;
            }
        } catch (NumberFormatException e) {
            // the failure below reports it
        }
        throw Failure.UNAVAILABLE.because("Queue " + queue + " has '" + stored + "' lanes in Redis; it must be 1 to "
                + MOST_LANES + ". Another program has written to " + key + ".");
    }
}
