package io.floodlock.runtime.queue.engine;

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
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LaneAssignmentTest {

    private static final long SEED = Long.getLong("floodlock.seed", System.nanoTime());

    @Test
    void whatAMemberSaysComesBack() {
        LaneAssignment.Member member = new LaneAssignment.Member(Set.of(1, 5), Set.of(-7));

        assertEquals(member, LaneAssignment.Member.parse(member.toText()));
        assertEquals(
                new LaneAssignment.Member(Set.of(), Set.of()),
                LaneAssignment.Member.parse(new LaneAssignment.Member(Set.of(), Set.of()).toText()));
        assertThrows(MalformedRecordException.class, () -> LaneAssignment.Member.parse("1,x 2"));
    }

    /** Members act one after the other on what all say; lanes must be shared out, and then stay. */
    @Test
    void lanesAreSharedFairlyAndThenStay() {
        System.out.println("-Dfloodlock.seed=" + SEED);
        Random random = new Random(SEED);
        for (int run = 0; run < 200; run++) {
            int lanes = 1 + random.nextInt(20);
            int count = 1 + random.nextInt(6);
            List<UUID> ids = new ArrayList<>();
            Map<UUID, Set<Integer>> owned = new HashMap<>();
            for (int i = 0; i < count; i++) {
                ids.add(UUID.randomUUID());
                owned.put(ids.get(i), new HashSet<>());
            }
            for (int lane = 0; lane < lanes; lane++) {
                owned.get(ids.get(random.nextInt(count))).add(lane);
            }
            int moves = 1;
            for (int beat = 0; beat < 50 && moves > 0; beat++) {
                moves = 0;
                for (UUID id : ids) {
                    moves += act(lanes, id, owned);
                }
            }
            assertEquals(0, moves, "lanes wander");
            for (Set<Integer> some : owned.values()) {
                assertTrue(some.size() >= lanes / count, () -> "unfair: " + owned);
            }
        }
    }

    private static int act(int lanes, UUID self, Map<UUID, Set<Integer>> owned) {
        Map<UUID, LaneAssignment.Member> members = new HashMap<>();
        owned.forEach((id, some) -> members.put(id, new LaneAssignment.Member(Set.copyOf(some), Set.of())));
        int moves = 0;
        for (int lane : new LaneAssignment(lanes, self, members).toTry(owned.get(self))) {
            for (Map.Entry<UUID, Set<Integer>> other : owned.entrySet()) {
                boolean gives = new LaneAssignment(lanes, other.getKey(), members)
                        .hasMoreThanItsShare(other.getValue().size());
                if (!other.getKey().equals(self) && other.getValue().contains(lane) && gives) {
                    other.getValue().remove(lane);
                    owned.get(self).add(lane);
                    moves++;
                }
            }
        }
        return moves;
    }
}
