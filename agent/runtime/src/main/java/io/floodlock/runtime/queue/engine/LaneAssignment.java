package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.queue.record.MalformedRecordException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Which lanes this JVM should try to own, from what all consuming JVMs say of themselves. A lane that nobody has is taken; a
 * lane of another is asked for only while this JVM has less than the smaller fair share, and given only by one that has more:
 * so lanes don't wander. Pure; the words it judges by may be a moment old, the lock decides.
 */
final class LaneAssignment {

    /** One JVM's word: the lanes that it owns and fingerprints of the methods that it knows. */
    record Member(Set<Integer> lanes, Set<Integer> methods) {

        String toText() {
            return join(lanes) + " " + join(methods);
        }

        private static String join(Collection<Integer> numbers) {
            return numbers.isEmpty()
                    ? "-"
                    : String.join(",", numbers.stream().map(Object::toString).toList());
        }

        static Member parse(String text) {
            String[] parts = text.split(" ");
            if (parts.length != 2) {
                throw new MalformedRecordException("not a member's word");
            }
            return new Member(numbers(parts[0]), numbers(parts[1]));
        }

        private static Set<Integer> numbers(String text) {
            Set<Integer> out = new TreeSet<>();
            if (!text.equals("-")) {
                for (String number : text.split(",")) {
                    try {
                        out.add(Integer.parseInt(number));
                    } catch (NumberFormatException e) {
                        throw new MalformedRecordException("not a member's word", e);
                    }
                }
            }
            return out;
        }
    }

    private final int lanes;
    private final UUID self;
    private final Map<UUID, Member> members;

    /** @param members all whose word stands, this JVM included */
    LaneAssignment(int lanes, UUID self, Map<UUID, Member> members) {
        this.lanes = lanes;
        this.self = self;
        this.members = members;
    }

    static int fingerprint(String method) {
        return method.hashCode();
    }

    int smallerShare() {
        return lanes / Math.max(1, members.size());
    }

    private int largerShare() {
        return (lanes + members.size() - 1) / Math.max(1, members.size());
    }

    /** Lanes to try now, in a random order so that JVMs that start together don't all try the same ones. */
    List<Integer> toTry(Set<Integer> owned) {
        List<Integer> free = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            if (!owned.contains(lane)) {
                Member owner = ownerOf(lane);
                if (owner == null) {
                    free.add(lane);
                } else if (owner.lanes().size() > smallerShare()) {
                    others.add(lane);
                }
            }
        }
        Collections.shuffle(free);
        Collections.shuffle(others);
        List<Integer> out = new ArrayList<>(free.subList(0, clamp(largerShare() - owned.size(), free.size())));
        int stillShort = smallerShare() - owned.size() - out.size();
        out.addAll(others.subList(0, clamp(stillShort, others.size())));
        return out;
    }

    /** Whether this JVM may give a lane away that another asks for. */
    boolean hasMoreThanItsShare(int owned) {
        return owned > smallerShare();
    }

    /** Whether another JVM knows methods that this one doesn't. */
    boolean othersKnow(Collection<String> methods) {
        return members.entrySet().stream()
                .filter(member -> !member.getKey().equals(self))
                .anyMatch(member -> methods.stream()
                        .allMatch(method -> member.getValue().methods().contains(fingerprint(method))));
    }

    private Member ownerOf(int lane) {
        for (Map.Entry<UUID, Member> member : members.entrySet()) {
            if (!member.getKey().equals(self) && member.getValue().lanes().contains(lane)) {
                return member.getValue();
            }
        }
        return null;
    }

    private static int clamp(int wanted, int most) {
        return Math.max(0, Math.min(wanted, most));
    }
}
