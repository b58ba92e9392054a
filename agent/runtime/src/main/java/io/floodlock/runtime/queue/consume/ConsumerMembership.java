package io.floodlock.runtime.queue.consume;

import io.floodlock.runtime.event.StallLog;
import io.floodlock.runtime.queue.method.QueueRegistry;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.queue.store.ConsumerDirectory;
import io.floodlock.runtime.queue.store.LaneLayout;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this JVM's share of a queue's lanes. Each beat renews this JVM's registration, reads those of all consuming
 * JVMs, then offers lanes and tries to own lanes as {@link LaneAssignment} decides. An offered lane is handed over when
 * another JVM requests it; until then it goes on. {@link StoredQueueEngine} runs one beat at a time on its control
 * threads; a beat may wait for Redis.
 */
public final class ConsumerMembership {

    private static final Logger log = LoggerFactory.getLogger(ConsumerMembership.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** For so many beats this JVM leaves a lane that it has handed over to the JVM that requested it. */
    private static final int BEATS_GIVEN = 4;

    /** A change of the lanes that takes no longer is not worth a warning. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A lane of which no JVM has all needs stays at least so long with each owner. */
    private static final long ALTERNATING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final QueueRegistry queue;
    private final CallStore store;
    private final QueueConsumer consumer;
    private final UUID self;
    /** How long a registration is valid without a renewal. */
    private final Duration valid;

    /** Null until it is known. */
    private LaneLayout layout;

    private boolean layoutChanged;

    /** Whether another layout follows this one. */
    private boolean isFormer;

    /** When calls of the former layout were first found to be left; null if none were. */
    private Long formerSince;

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

    public ConsumerMembership(QueueRegistry queue, CallStore store, QueueConsumer consumer, UUID self, Duration valid) {
        this.queue = queue;
        this.store = store;
        this.consumer = consumer;
        this.self = self;
        this.valid = valid;
    }

    /** Never throws; the next beat tries again whatever failed. */
    public void beat() {
        try {
            if (layout == null) {
                layout = consumed();
            }
            Map<UUID, ConsumerMember> members = announce(valid);
            if (layoutChanged) {
                adoptLayout();
            } else if (isFormer) {
                retireLayout();
            }
            Set<Integer> owned = consumer.owned();
            noteOwners(members, owned);
            needs.note(self, owned, fingerprints(consumer.missing()), members);
            LaneAssignment assignment = new LaneAssignment(layout.lanes(), self, members, needs.all());
            offer(assignment, owned);
            for (int lane : assignment.toTry(owned, offeredByNeed.size(), withoutOwner)) {
                if (!given.containsKey(lane)) {
                    consumer.tryOwn(layout, lane, this::requested);
                }
            }
            consumer.storePositions();
            if (!consumer.owned().equals(owned)) {
                announce(valid);
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

    /** The layout whose calls run: the former one as long as calls of it are left. */
    private LaneLayout consumed() {
        return store.await(store.layouts(), PATIENCE).consumed();
    }

    /**
     * All JVMs must use the same. It was changed; or Redis has lost it, and another JVM has stored a new one first.
     */
    private void adoptLayout() {
        LaneLayout before = layout;
        layout = consumed();
        layoutChanged = false;
        if (layout.equals(before)) {
            return;
        }
        formerSince = null;
        StallLog.shared().resumed(changeOfLanes());
        if (layout.generation() > before.generation()) {
            log.info("Queue {} has {} lanes now, {} before", queue.name(), layout.lanes(), before.lanes());
        } else {
            log.warn(
                    "Queue {} has {} lanes now, {} before, and its streams may be others: Redis has lost its data",
                    queue.name(),
                    layout.lanes(),
                    before.lanes());
        }
        consumer.adopt(layout);
    }

    /** Ends the former layout once its calls have ended. */
    private void retireLayout() {
        if (store.await(store.retire(layout), PATIENCE) == 0) {
            adoptLayout();
            return;
        }
        long now = System.nanoTime();
        if (formerSince == null) {
            formerSince = now;
        } else if (now - formerSince > QUIET_NANOS) {
            StallLog.shared()
                    .stalled(
                            changeOfLanes(),
                            "calls that were stored before it are left, and may be delayed, paused or attempted again",
                            "Those that were stored since then run when these have ended");
        }
    }

    private String changeOfLanes() {
        return "The change of the number of lanes of queue " + queue.name();
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
            announce(valid);
        }
    }

    private Map<UUID, ConsumerMember> announce(Duration until) {
        Set<Integer> owned = consumer.owned();
        Map<Integer, Set<Integer>> ownNeeds = new TreeMap<>(needs.all());
        ownNeeds.keySet().retainAll(owned);
        String text = new ConsumerMember(owned, offered, ownNeeds, fingerprints(consumer.ableMethods())).toText();
        ConsumerDirectory.Found found = store.await(store.consumers().announce(self, until, text, layout), PATIENCE);
        layoutChanged = !found.layout().equals(layout.toString());
        isFormer = found.isFormer();
        consumer.pause(found.paused(), found.pausedKeys());
        Map<UUID, ConsumerMember> members = new HashMap<>();
        found.members().forEach((session, member) -> {
            try {
                members.put(session, ConsumerMember.parse(member));
            } catch (MalformedRecordException e) {
                // a registration of another format is ignored
            }
        });
        return members;
    }

    private void requested(int lane) {
        if (offered.contains(lane)) {
            consumer.handOver(lane);
        }
    }

    /** Removes this JVM's registration, as it no longer consumes the queue. */
    public void leave() {
        try {
            if (layout != null) {
                announce(Duration.ZERO);
            }
        } catch (RuntimeException e) {
            log.debug("This JVM's registration for queue {} could not be removed and expires later", queue.name(), e);
        }
    }
}
