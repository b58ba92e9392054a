package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.queue.method.QueueRegistry;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import io.floodlock.runtime.queue.redis.RedisLaneLog;
import io.floodlock.runtime.queue.redis.RedisQueueKeys;
import io.floodlock.runtime.queue.redis.RedisQueueLayout;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this JVM's share of a queue's lanes. Each beat renews this JVM's registration, reads those of all consuming
 * JVMs, then offers lanes and tries to own lanes as {@link LaneAssignment} decides. An offered lane is handed over when
 * another JVM requests it; until then it goes on. {@link StoredQueueEngine} runs one beat at a time on its control
 * threads; a beat may wait for Redis.
 */
final class ConsumerMembership {

    private static final Logger log = LoggerFactory.getLogger(ConsumerMembership.class);
    private static final Script MEMBERS = Script.load(ConsumerMembership.class, "members.lua");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** For so many beats this JVM leaves a lane that it has handed over to the JVM that requested it. */
    private static final int BEATS_GIVEN = 4;

    /** A lane of which no JVM has all needs stays at least so long with each owner. */
    private static final long ALTERNATING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final QueueRegistry queue;
    private final RedisQueueKeys keys;
    private final QueueConsumer consumer;
    private final RedisGateway redis;
    private final UUID self;
    /** How long a registration is valid without a renewal. */
    private final Duration wordStands;

    private final RedisQueueLayout layouts;

    /** Null until it is known. */
    private LaneLayout layout;

    private boolean layoutChanged;
    private boolean troubled;

    /** The lanes that this JVM hands over on request. */
    private volatile Set<Integer> offered = Set.of();

    private Set<Integer> offeredByNeed = Set.of();

    /** Lanes handed over, each with the number of beats for which this JVM does not try to own it. */
    private final Map<Integer, Integer> given = new HashMap<>();

    /** Lanes without an owner, each with the number of beats since it has had one. */
    private final Map<Integer, Integer> withoutOwner = new HashMap<>();

    private final LaneNeeds needs = new LaneNeeds();

    private final Map<Integer, Long> ownedSince = new HashMap<>();

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
        this.layouts = new RedisQueueLayout(redis, keys, queue.name(), lanesWhenNew);
    }

    /** Never throws; the next beat tries again whatever failed. */
    void beat() {
        try {
            if (layout == null) {
                layout = redis.await(layouts.prepare(), PATIENCE);
            }
            Map<UUID, ConsumerMember> members = say(wordStands.toMillis());
            if (layoutChanged) {
                adoptLayout();
            }
            Set<Integer> owned = consumer.owned();
            noteOwners(members, owned);
            needs.note(self, owned, fingerprints(consumer.missing()), members);
            LaneAssignment assignment = new LaneAssignment(layout.lanes(), self, members, needs.all());
            offer(assignment, owned);
            for (int lane : assignment.toTry(owned, offeredByNeed.size(), withoutOwner)) {
                if (!given.containsKey(lane)) {
                    consumer.tryOwn(layout, lane, this::wanted);
                }
            }
            consumer.storePositions();
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

    /** Redis has lost the layout, and another JVM has stored a new one first: all JVMs must use the same. */
    private void adoptLayout() {
        LaneLayout before = layout;
        layout = redis.await(layouts.prepare(), PATIENCE);
        layoutChanged = false;
        if (!layout.equals(before)) {
            log.warn(
                    "Queue {} has {} lanes now, {} before, and its streams may be others: Redis has lost its data",
                    queue.name(),
                    layout.lanes(),
                    before.lanes());
            consumer.adopt(layout);
        }
    }

    private void noteOwners(Map<UUID, ConsumerMember> members, Set<Integer> owned) {
        Set<Integer> others = new HashSet<>();
        members.forEach((session, member) -> {
            if (!session.equals(self)) {
                others.addAll(member.lanes());
            }
        });
        for (int lane = 0; lane < layout.lanes(); lane++) {
            if (owned.contains(lane) || others.contains(lane)) {
                withoutOwner.remove(lane);
            } else {
                withoutOwner.merge(lane, 1, Integer::sum);
            }
        }
        given.replaceAll((lane, beats) -> beats - 1);
        given.values().removeIf(beats -> beats <= 0);
        for (int lane : offered) {
            if (!owned.contains(lane)) {
                given.put(lane, BEATS_GIVEN);
            }
        }
        ownedSince.keySet().retainAll(owned);
        owned.forEach(lane -> ownedSince.putIfAbsent(lane, System.nanoTime()));
    }

    private static Map<Integer, Set<Integer>> fingerprints(Map<Integer, Set<String>> names) {
        Map<Integer, Set<Integer>> out = new HashMap<>();
        names.forEach((lane, methods) -> out.put(lane, fingerprints(methods)));
        return out;
    }

    private static Set<Integer> fingerprints(Collection<String> names) {
        return names.stream().map(ConsumerMember::fingerprint).collect(Collectors.toCollection(TreeSet::new));
    }

    private void offer(LaneAssignment assignment, Set<Integer> owned) {
        Map<Integer, Set<String>> missing = consumer.missing();
        Set<Integer> byNeed = assignment.offeredByNeed(
                fingerprints(missing),
                owned.stream()
                        .filter(lane -> System.nanoTime() - ownedSince.get(lane) > ALTERNATING_NANOS)
                        .toList());
        byNeed.stream().filter(lane -> !offered.contains(lane)).forEach(lane -> {
            log.info("Queue {} offers lane {} to a JVM that has the methods {}", queue.name(), lane, missing.get(lane));
        });
        List<Integer> rest = new ArrayList<>(consumer.leastBusyFirst());
        rest.removeAll(byNeed);
        Set<Integer> out = new TreeSet<>(assignment.offeredByShare(rest));
        out.addAll(byNeed);
        boolean changed = !out.equals(offered);
        offeredByNeed = byNeed;
        offered = out;
        consumer.keepAllBut(out);
        if (changed) {
            say(wordStands.toMillis());
        }
    }

    private Map<UUID, ConsumerMember> say(long standsMillis) {
        Set<Integer> owned = consumer.owned();
        Map<Integer, Set<Integer>> ownNeeds = new TreeMap<>(needs.all());
        ownNeeds.keySet().retainAll(owned);
        String word = new ConsumerMember(owned, offered, ownNeeds, fingerprints(consumer.ableMethods())).toText();
        List<Object> reply = redis.await(
                redis.run(
                        StringCodec.INSTANCE,
                        MEMBERS,
                        List.of(keys.members(), keys.queue()),
                        self.toString(),
                        Long.toString(standsMillis),
                        word,
                        RedisLaneLog.FORMAT,
                        layout.toString()),
                PATIENCE);
        layoutChanged = !String.valueOf(reply.get(0)).equals(layout.toString());
        Map<UUID, ConsumerMember> members = new HashMap<>();
        for (int i = 1; i + 1 < reply.size(); i += 2) {
            try {
                members.put(
                        UUID.fromString(String.valueOf(reply.get(i))),
                        ConsumerMember.parse(String.valueOf(reply.get(i + 1))));
            } catch (IllegalArgumentException | MalformedRecordException e) {
                // a registration of another format is ignored
            }
        }
        return members;
    }

    private void wanted(int lane) {
        if (offered.contains(lane)) {
            consumer.handOver(lane);
        }
    }

    /** Removes this JVM's registration, as it no longer consumes the queue. */
    void leave() {
        try {
            if (layout != null) {
                say(0);
            }
        } catch (RuntimeException e) {
            log.debug("This JVM's registration for queue {} could not be removed and expires later", queue.name(), e);
        }
    }
}
