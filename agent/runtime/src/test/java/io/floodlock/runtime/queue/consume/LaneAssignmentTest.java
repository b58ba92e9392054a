package io.floodlock.runtime.queue.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.record.MalformedRecordException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** JVMs that act one after the other on what all say. */
class LaneAssignmentTest {

    private static final long SEED = Long.getLong("floodlock.seed", System.nanoTime());

    private final List<Jvm> jvms = new ArrayList<>();
    private final Map<Integer, Set<Integer>> calls = new HashMap<>();
    private int lanes;
    private int moves;

    private final class Jvm {

        final UUID id = UUID.randomUUID();
        final Set<Integer> methods;
        final Set<Integer> owned = new TreeSet<>();
        final Set<Integer> impossible = new HashSet<>();
        final LaneNeeds needs = new LaneNeeds();
        final Map<Integer, Integer> withoutOwner = new HashMap<>();
        Set<Integer> offered = Set.of();

        Jvm(Set<Integer> methods) {
            this.methods = methods;
            jvms.add(this);
        }

        ConsumerMember member() {
            Map<Integer, Set<Integer>> own = new TreeMap<>(needs.all());
            own.keySet().retainAll(owned);
            return ConsumerMember.parse(new ConsumerMember(owned, offered, own, methods).toText());
        }

        Map<Integer, Set<Integer>> waiting() {
            Map<Integer, Set<Integer>> out = new HashMap<>();
            for (int lane : owned) {
                Set<Integer> missing = new TreeSet<>(calls.getOrDefault(lane, Set.of()));
                missing.removeAll(methods);
                if (!missing.isEmpty()) {
                    out.put(lane, missing);
                }
            }
            return out;
        }

        void beat() {
            Map<UUID, ConsumerMember> members = new HashMap<>();
            jvms.forEach(jvm -> members.put(jvm.id, jvm.member()));
            needs.note(id, owned, waiting(), members);
            members.put(id, member());
            LaneAssignment assignment = new LaneAssignment(lanes, id, members, needs.all());
            Set<Integer> byNeed = assignment.offeredByNeed(waiting(), List.of());
            List<Integer> rest = new ArrayList<>(owned);
            rest.removeAll(byNeed);
            Set<Integer> out = new TreeSet<>(assignment.offeredByShare(rest));
            out.addAll(byNeed);
            offered = out;
            for (int lane = 0; lane < lanes; lane++) {
                withoutOwner.merge(lane, 1, Integer::sum);
                for (Jvm jvm : jvms) {
                    if (jvm.owned.contains(lane)) {
                        withoutOwner.remove(lane);
                    }
                }
            }
            for (int lane : assignment.toTry(owned, byNeed.size(), withoutOwner)) {
                if (!impossible.contains(lane)) {
                    take(lane);
                }
            }
        }

        void take(int lane) {
            for (Jvm owner : jvms) {
                if (owner.owned.contains(lane)) {
                    if (!owner.offered.contains(lane)) {
                        return;
                    }
                    owner.owned.remove(lane);
                }
            }
            owned.add(lane);
            moves++;
        }

        @Override
        public String toString() {
            return owned + " with methods " + methods;
        }
    }

    @BeforeEach
    void fresh() {
        jvms.clear();
        calls.clear();
    }

    private void settle() {
        moves = 1;
        for (int beat = 0; beat < 60 && moves > 0; beat++) {
            moves = 0;
            // a lane without an owner is tried after some beats only
            for (int i = 0; i <= LaneAssignment.BEATS_WITHOUT_OWNER; i++) {
                jvms.forEach(Jvm::beat);
            }
        }
        assertEquals(0, moves, () -> "lanes wander: " + jvms);
        for (int lane = 0; lane < lanes; lane++) {
            int one = lane;
            assertEquals(1, jvms.stream().filter(jvm -> jvm.owned.contains(one)).count(), () -> "lane " + one);
        }
    }

    private static Set<Integer> some(Random random, int of) {
        Set<Integer> out = new TreeSet<>();
        for (int i = 0; i < of; i++) {
            if (random.nextBoolean()) {
                out.add(i);
            }
        }
        return out;
    }

    @Test
    void aRegistrationComesBack() {
        ConsumerMember member =
                new ConsumerMember(Set.of(1, 5), Set.of(5), Map.of(1, Set.of(-7), 5, Set.of(3, 4)), Set.of(-7));
        ConsumerMember none = new ConsumerMember(Set.of(), Set.of(), Map.of(), Set.of());

        assertEquals(member, ConsumerMember.parse(member.toText()));
        assertEquals(none, ConsumerMember.parse(none.toText()));
        assertThrows(MalformedRecordException.class, () -> ConsumerMember.parse("1,x - - 2"));
        assertThrows(MalformedRecordException.class, () -> ConsumerMember.parse("1 2"));
    }

    @Test
    void lanesAreSharedFairlyAndThenStay() {
        System.out.println("-Dfloodlock.seed=" + SEED);
        Random random = new Random(SEED);
        for (int run = 0; run < 200; run++) {
            fresh();
            lanes = 1 + random.nextInt(20);
            int count = 1 + random.nextInt(6);
            for (int i = 0; i < count; i++) {
                new Jvm(Set.of());
            }
            for (int lane = 0; lane < lanes; lane++) {
                if (random.nextInt(4) > 0) {
                    jvms.get(random.nextInt(count)).owned.add(lane);
                }
            }
            settle();
            for (Jvm jvm : jvms) {
                int owned = jvm.owned.size();
                assertTrue(owned >= lanes / count && owned <= (lanes + count - 1) / count, () -> "unfair: " + jvms);
            }
        }
    }

    /** In a rolling deploy one JVM at least knows all methods; calls of all of them keep coming. */
    @Test
    void eachLaneComesToAJvmThatHasItsMethodsAndThenStays() {
        System.out.println("-Dfloodlock.seed=" + SEED);
        Random random = new Random(SEED);
        for (int run = 0; run < 200; run++) {
            fresh();
            lanes = 1 + random.nextInt(20);
            new Jvm(Set.of(0, 1, 2));
            int others = random.nextInt(5);
            for (int i = 0; i < others; i++) {
                new Jvm(some(random, 3));
            }
            for (int lane = 0; lane < lanes; lane++) {
                jvms.get(random.nextInt(jvms.size())).owned.add(lane);
                calls.put(lane, some(random, 3));
            }
            settle();
            for (Jvm jvm : jvms) {
                assertEquals(Map.of(), jvm.waiting(), () -> "calls wait: " + jvms + calls);
            }
        }
    }

    @Test
    void aLaneThatTheJvmBelowItsShareCantOwnIsOwnedByAnother() {
        lanes = 4;
        Jvm unable = new Jvm(Set.of());
        Jvm full = new Jvm(Set.of());
        unable.owned.add(0);
        unable.impossible.add(1);
        full.owned.addAll(Set.of(2, 3));

        settle();

        assertTrue(full.owned.contains(1), () -> jvms.toString());
    }
}
