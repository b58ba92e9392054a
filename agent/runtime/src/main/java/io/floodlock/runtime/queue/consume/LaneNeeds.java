package io.floodlock.runtime.queue.consume;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The methods that lanes need and that some JVM lacks, as far as this JVM knows. A lane gets a need when calls of a
 * method wait in it because its owner can't run them. The needs stay with the lane when its owner changes, until each
 * JVM has the methods: else a lane would go back to a JVM that lacks them. {@link ConsumerMembership} has one. Not
 * thread-safe.
 */
final class LaneNeeds {

    private final Map<Integer, Set<Integer>> needs = new HashMap<>();

    /**
     * @param owned the lanes of this JVM
     * @param waiting for each of them in which calls wait, the fingerprints of their methods
     */
    void note(UUID self, Set<Integer> owned, Map<Integer, Set<Integer>> waiting, Map<UUID, ConsumerMember> members) {
        members.forEach((session, member) -> {
            for (int lane : member.lanes()) {
                if (!session.equals(self) && !owned.contains(lane)) {
                    needs.put(lane, member.needs().getOrDefault(lane, Set.of()));
                }
            }
        });
        waiting.forEach((lane, methods) -> {
            Set<Integer> all = new TreeSet<>(needs.getOrDefault(lane, Set.of()));
            all.addAll(methods);
            needs.put(lane, all);
        });
        needs.replaceAll((lane, methods) -> {
            Set<Integer> lacking = new TreeSet<>(methods);
            lacking.removeIf(method -> members.values().stream()
                    .allMatch(member -> member.methods().contains(method)));
            return lacking;
        });
        needs.values().removeIf(Set::isEmpty);
    }

    /** The fingerprints of the methods that each lane needs; lanes without needs are absent. */
    Map<Integer, Set<Integer>> all() {
        return Map.copyOf(needs);
    }
}
