package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.queue.method.QueueRegistry;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import io.floodlock.runtime.queue.redis.RedisQueueKeys;
import io.floodlock.runtime.queue.redis.RedisQueueLayout;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this JVM's fair share of a queue's lanes. Each beat renews this JVM's registration, reads those of all
 * consuming JVMs, then requests and hands over lanes as {@link LaneAssignment} decides. {@link StoredQueueEngine}
 * runs one beat at a time on its control threads; a beat may wait for Redis.
 */
final class ConsumerMembership {

    private static final Logger log = LoggerFactory.getLogger(ConsumerMembership.class);
    private static final Script MEMBERS = Script.load(ConsumerMembership.class, "members.lua");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BEATS_OFFERED = 4;

    private final QueueRegistry queue;
    private final RedisQueueKeys keys;
    private final QueueConsumer consumer;
    private final RedisGateway redis;
    private final UUID self;
    /** How long a registration is valid without a renewal. */
    private final Duration wordStands;

    private final RedisQueueLayout layout;

    private volatile LaneAssignment balance;
    private int lanes;
    private boolean troubled;

    /** Lanes offered to other JVMs, each with the number of beats for which this JVM does not try to own it. */
    private final Map<Integer, Integer> offered = new ConcurrentHashMap<>();

    ConsumerMembership(
            QueueRegistry queue,
            RedisQueueKeys keys,
            QueueConsumer consumer,
            RedisGateway redis,
            UUID self,
            Duration wordStands,
            int lanesWhenNew) {
        this.queue = queue;
        this.keys = keys;
        this.consumer = consumer;
        this.redis = redis;
        this.self = self;
        this.wordStands = wordStands;
        this.layout = new RedisQueueLayout(redis, keys, queue.name(), lanesWhenNew);
    }

    /** Never throws; the next beat tries again whatever failed. */
    void beat() {
        try {
            if (lanes == 0) {
                lanes = redis.await(layout.prepare(), PATIENCE);
            }
            balance = new LaneAssignment(lanes, self, say(wordStands.toMillis()));
            offerWhatOthersKnow();
            Set<Integer> owned = consumer.owned();
            offered.replaceAll((lane, beats) -> beats - 1);
            offered.values().removeIf(beats -> beats <= 0);
            for (int lane : balance.toTry(owned)) {
                if (!offered.containsKey(lane)) {
                    consumer.tryOwn(lane, this::wanted);
                }
            }
            if (!consumer.owned().equals(owned)) {
                say(wordStands.toMillis());
            }
            if (troubled) {
                troubled = false;
                log.info("Queue {} is consumed again", queue.name());
            }
        } catch (RuntimeException e) {
            if (!troubled) {
                troubled = true;
                log.warn("Queue {} can't be consumed now, the agent keeps trying: {}", queue.name(), e.getMessage());
            }
        }
    }

    private Map<UUID, LaneAssignment.Member> say(long standsMillis) {
        Set<Integer> methods = new HashSet<>();
        queue.methodNames().forEach(name -> methods.add(LaneAssignment.fingerprint(name)));
        String word = new LaneAssignment.Member(consumer.owned(), methods).toText();
        List<Object> reply = redis.await(
                redis.run(
                        StringCodec.INSTANCE,
                        MEMBERS,
                        keys.members(),
                        self.toString(),
                        Long.toString(standsMillis),
                        word),
                PATIENCE);
        Map<UUID, LaneAssignment.Member> members = new HashMap<>();
        for (int i = 0; i + 1 < reply.size(); i += 2) {
            try {
                members.put(
                        UUID.fromString(String.valueOf(reply.get(i))),
                        LaneAssignment.Member.parse(String.valueOf(reply.get(i + 1))));
            } catch (IllegalArgumentException | MalformedRecordException e) {
                // a registration of another format is ignored
            }
        }
        return members;
    }

    private void wanted(int lane) {
        LaneAssignment current = balance;
        if (current != null && current.hasMoreThanItsShare(consumer.owned().size())) {
            consumer.handOver(lane);
        }
    }

    /** Hands over each lane whose calls wait for a method that another JVM has. */
    private void offerWhatOthersKnow() {
        consumer.missing().forEach((lane, methods) -> {
            if (balance.othersKnow(methods)) {
                log.info("Queue {} offers lane {} to a JVM that has the methods {}", queue.name(), lane, methods);
                offered.put(lane, BEATS_OFFERED);
                consumer.handOver(lane);
            }
        });
    }

    /** Removes this JVM's registration, as it no longer consumes the queue. */
    void leave() {
        try {
            if (lanes > 0) {
                say(0);
            }
        } catch (RuntimeException e) {
            log.debug("This JVM's registration for queue {} could not be removed and expires later", queue.name(), e);
        }
    }
}
