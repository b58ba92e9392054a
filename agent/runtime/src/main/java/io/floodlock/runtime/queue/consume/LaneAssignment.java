package io.floodlock.runtime.queue.consume;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Decides which lanes this JVM offers to others and which it tries to own, from the registrations of all consuming
 * JVMs. {@link ConsumerMembership} creates one per beat. Pure and immutable. The registrations may be slightly out of
 * date; the lane's lock decides.
 */
final class LaneAssignment {

    /*
     * Rules.
     *
     *   Share     Each JVM has a number of lanes due to it: the lanes divided by the JVMs, the rest to the first
     *             sessions in their order. So all JVMs agree on the numbers, and these add up to the number of lanes.
     *   Needs     A lane needs the methods of calls that waited in it because its owner did not have them. The needs
     *             go with the lane, as long as some JVM lacks them. A JVM suits a lane if it has all its needs; if
     *             there is no such JVM, one that has what the present owner lacks suits it.
     *   Offers    An owner offers (1) lanes whose calls wait for a method that it lacks and a suitable JVM has,
     *             (2) as many others as it has more than its share, the least busy first, but only lanes that a
     *             suitable JVM below its share can take.
     *   Taking    A JVM takes an offered lane (1) whatever its share is, if it suits the lane and the owner does not,
     *             (2) below its share, if it suits the lane.
     *   No owner  A JVM takes a lane without an owner below its share, if it suits it. If the lane has had no owner
     *             for some beats, every JVM tries it, whatever its share is: a lane never stays without an owner.
     *
     * The exchange ends: (1) moves a lane only to a JVM that suits it and (2) never to one that doesn't, so no lane
     * leaves a suitable JVM for an unsuitable one. Among suitable JVMs (2) moves lanes only from above the share to
     * below it. Where no JVM has all needs of a lane, the lane alternates, and does work on both sides;
     * ConsumerMembership bounds how often.
     */

    /** How many beats a lane is without an owner before every JVM tries it. */
    static final int BEATS_WITHOUT_OWNER = 3;

    private final int lanes;
    private final UUID self;
    private final Map<UUID, ConsumerMember> members;
    private final Map<Integer, Set<Integer>> needs;

    /**
     * @param members all JVMs with a valid registration, this one included
     * @param needs for each lane that has some, the fingerprints of the methods that it needs
     */
    LaneAssignment(int lanes, UUID self, Map<UUID, ConsumerMember> members, Map<Integer, Set<Integer>> needs) {
        this.lanes = lanes;
        this.self = self;
        this.members = members;
        this.needs = needs;
    }

    /** The number of lanes that are due to the JVM. */
    int share(UUID session) {
        int rank = new TreeSet<>(members.keySet()).headSet(session).size();
        int count = Math.max(1, members.size());
        return lanes / count + (rank < lanes % count ? 1 : 0);
    }

    private Set<Integer> needs(int lane) {
        return needs.getOrDefault(lane, Set.of());
    }

    /** Whether the JVM suits the lane better than an owner that lacks these methods. */
    private boolean suits(UUID session, int lane, Set<Integer> lacking) {
        Set<Integer> all = needs(lane);
        boolean anyHasAll =
                members.values().stream().anyMatch(member -> member.methods().containsAll(all));
        return members.get(session).methods().containsAll(anyHasAll ? all : lacking);
    }

    private Set<Integer> lacking(ConsumerMember owner, int lane) {
        Set<Integer> out = new TreeSet<>(needs(lane));
        out.removeAll(owner.methods());
        return out;
    }

    /**
     * The owned lanes to offer because calls wait in them for methods that this JVM lacks.
     *
     * @param waiting for each owned lane whose calls wait, the fingerprints of the methods
     * @param alternating whether the lane may go to a JVM that lacks other needs of it
     */
    Set<Integer> offeredByNeed(Map<Integer, Set<Integer>> waiting, Collection<Integer> alternating) {
        Set<Integer> out = new TreeSet<>();
        waiting.forEach((lane, methods) -> {
            for (Map.Entry<UUID, ConsumerMember> other : members.entrySet()) {
                Set<Integer> known = other.getValue().methods();
                boolean better = known.containsAll(methods) && suits(other.getKey(), lane, methods);
                if (!other.getKey().equals(self)
                        && better
                        && (known.containsAll(needs(lane)) || alternating.contains(lane))) {
                    out.add(lane);
                }
            }
        });
        return out;
    }

    /**
     * The owned lanes to offer because this JVM has more than its share.
     *
     * @param owned in the order in which they should go, without those offered by need
     */
    Set<Integer> offeredByShare(List<Integer> owned) {
        Set<Integer> out = new TreeSet<>();
        int surplus = owned.size() - share(self);
        for (int lane : owned) {
            if (out.size() < surplus && hasTaker(lane)) {
                out.add(lane);
            }
        }
        return out;
    }

    private boolean hasTaker(int lane) {
        return members.entrySet().stream()
                .anyMatch(member -> !member.getKey().equals(self)
                        && member.getValue().lanes().size() < share(member.getKey())
                        && suits(member.getKey(), lane, Set.of()));
    }

    /**
     * Lanes to try now, in random order, so that JVMs that start together do not all try the same lanes.
     *
     * @param owned the lanes of this JVM
     * @param leaving how many of them it offers by need
     * @param withoutOwner for each lane without an owner, the number of beats for which it has had none
     */
    List<Integer> toTry(Set<Integer> owned, int leaving, Map<Integer, Integer> withoutOwner) {
        List<Integer> out = new ArrayList<>();
        List<Integer> byShare = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            if (owned.contains(lane)) {
                continue;
            }
            ConsumerMember owner = ownerOf(lane);
            if (owner == null) {
                if (withoutOwner.getOrDefault(lane, 0) >= BEATS_WITHOUT_OWNER || needsThisJvm(lane)) {
                    out.add(lane);
                } else if (suits(self, lane, Set.of())) {
                    byShare.add(lane);
                }
            } else if (owner.offered().contains(lane)) {
                Set<Integer> lacking = lacking(owner, lane);
                if (!lacking.isEmpty() && suits(self, lane, lacking)) {
                    out.add(lane);
                } else if (lacking.isEmpty() && suits(self, lane, lacking)) {
                    byShare.add(lane);
                }
            }
        }
        Collections.shuffle(out);
        Collections.shuffle(byShare);
        int below = share(self) - (owned.size() - leaving) - out.size();
        out.addAll(byShare.subList(0, Math.max(0, Math.min(below, byShare.size()))));
        return out;
    }

    /** Whether the lane has needs that this JVM has and not every JVM has. */
    private boolean needsThisJvm(int lane) {
        return !needs(lane).isEmpty()
                && members.get(self).methods().containsAll(needs(lane))
                && members.values().stream()
                        .anyMatch(member -> !member.methods().containsAll(needs(lane)));
    }

    private ConsumerMember ownerOf(int lane) {
        for (Map.Entry<UUID, ConsumerMember> member : members.entrySet()) {
            if (!member.getKey().equals(self) && member.getValue().lanes().contains(lane)) {
                return member.getValue();
            }
        }
        return null;
    }
}
