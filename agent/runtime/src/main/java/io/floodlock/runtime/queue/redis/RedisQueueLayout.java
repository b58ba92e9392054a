package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.redisson.client.codec.StringCodec;

/**
 * Reads the number of lanes of a queue, which Redis stores when the queue is first used, and creates the streams of the
 * lanes. Each producer and each consuming JVM prepares the layout before it uses the queue. Thread-safe.
 */
public final class RedisQueueLayout {

    private static final Script DESCRIBE = Script.load(RedisQueueLayout.class, "describe.lua");
    private static final Script CREATE = Script.load(RedisQueueLayout.class, "create.lua");
    private static final int MOST_LANES = 4_096;

    private final RedisGateway redis;
    private final RedisQueueKeys keys;
    private final String queue;
    private final int lanesWhenNew;

    /** @param lanesWhenNew number of lanes if the queue does not exist yet */
    public RedisQueueLayout(RedisGateway redis, RedisQueueKeys keys, String queue, int lanesWhenNew) {
        this.redis = redis;
        this.keys = keys;
        this.queue = queue;
        this.lanesWhenNew = lanesWhenNew;
    }

    /**
     * Reads or stores the number of lanes, and creates missing streams. When it completes, the streams of all lanes
     * exist.
     *
     * @return the number of lanes; fails with UNAVAILABLE if the queue is stored in another format or its number of
     *     lanes is invalid
     */
    public CompletableFuture<Integer> prepare() {
        return redis.run(
                        StringCodec.INSTANCE,
                        DESCRIBE,
                        keys.queue(),
                        RedisLaneLog.FORMAT,
                        Integer.toString(lanesWhenNew))
                .thenCompose(reply -> {
                    int lanes = parse(reply);
                    List<CompletableFuture<?>> all = new ArrayList<>();
                    for (int i = 0; i < lanes; i++) {
                        all.add(create(i));
                    }
                    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                            .thenApply(done -> lanes);
                });
    }

    private CompletableFuture<List<Object>> create(int lane) {
        return redis.run(StringCodec.INSTANCE, CREATE, keys.lane(lane).stream());
    }

    private int parse(List<Object> reply) {
        String version = String.valueOf(reply.get(0));
        if (!version.equals(RedisLaneLog.FORMAT)) {
            throw Failure.UNAVAILABLE.because("Queue " + queue + " is stored in format " + version
                    + ", this agent knows format " + RedisLaneLog.FORMAT
                    + ". Run one version of the agent, and empty the queue before you change the version.");
        }
        try {
            int lanes = Integer.parseInt(String.valueOf(reply.get(1)));
            if (lanes >= 1 && lanes <= MOST_LANES) {
                return lanes;
            }
        } catch (NumberFormatException e) {
            // the failure below reports it
        }
        throw Failure.UNAVAILABLE.because("Queue " + queue + " has '" + reply.get(1)
                + "' lanes in Redis; it must be 1 to " + MOST_LANES + ". Another program has written to "
                + keys.queue() + ".");
    }
}
