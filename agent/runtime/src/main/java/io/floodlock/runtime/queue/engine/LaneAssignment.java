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
 * Decides which lanes this JVM should try to own, from the registrations of all consuming JVMs. It tries a lane
 * without an owner while it has less than the larger fair share. It requests a lane of another JVM only while it has
 * less than the smaller fair share, and a JVM hands a lane over only while it has more than that share; so lanes do
 * not move back and forth.
 *
 * <p>{@link ConsumerMembership} creates one per beat. Pure and immutable. The registrations may be slightly out of
 * date; the lane's lock decides.
 */
final class LaneAssignment {

    /** One JVM's registration: the lanes that it owns, and fingerprints of the methods that it can run. */
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
                throw new MalformedRecordException("not a member's registration");
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
                        throw new MalformedRecordException("not a member's registration", e);
                    }
                }
            }
            return out;
        }
    }

    private final int lanes;
    private final UUID self;
    private final Map<UUID, Member> members;

    /** @param members all JVMs with a valid registration, this one included */
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

    /** Lanes to try now, in random order, so that JVMs that start together do not all try the same lanes. */
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

    /** Whether this JVM may hand over a lane that another JVM requests. */
    boolean hasMoreThanItsShare(int owned) {
        return owned > smallerShare();
    }

    /** Whether one other JVM has all these methods. */
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
