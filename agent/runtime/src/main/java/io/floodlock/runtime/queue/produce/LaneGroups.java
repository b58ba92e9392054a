package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * All lanes of a queue, as the groups to which a producer sends with one request each, and the choice of a lane for
 * calls without a key. {@link EntrySender} has one. Guarded by its producer's lock.
 *
 * <p>Calls without a key go to a lane whose group is free and answers. While a request with such calls is under way,
 * further ones wait for it, to share an entry, for a quarter of a second at most: a node that hangs does not stop them.
 */
final class LaneGroups {

    private static final long SHARE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private List<LaneGroup> groups = List.of();
    private int lanes;

    /** The group whose request carries calls without a key, and when it was sent. */
    private LaneGroup keyless;

    private long keylessAt;

    boolean isLaidOut(int count, boolean cluster) {
        return count == lanes && groups.size() == (cluster ? count : 1);
    }

    void layOut(int count, boolean cluster) {
        List<Integer> all = IntStream.range(0, count).boxed().toList();
        groups =
                cluster ? all.stream().map(lane -> new LaneGroup(List.of(lane))).toList() : List.of(new LaneGroup(all));
        lanes = count;
        keyless = null;
    }

    List<LaneGroup> all() {
        return groups;
    }

    boolean anyFree(long now) {
        return groups.stream().anyMatch(group -> group.isFree(now));
    }

    boolean anySending() {
        return groups.stream().anyMatch(LaneGroup::isSending);
    }

    /** The entries that are packed and not confirmed, of calls that are still waited for. */
    List<InFlightEntry> flights(long now) {
        List<InFlightEntry> all = new ArrayList<>();
        for (LaneGroup group : groups) {
            group.dropOverdue(now);
            all.addAll(group.flights());
        }
        return all;
    }

    /** Why a last request had no reply; null if all had one. */
    FloodlockFailure problem() {
        return groups.stream()
                .map(LaneGroup::problem)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The lane for calls without a key; -1 if they wait on. */
    int keylessLane(CapacityGate room, long now) {
        if (keyless != null && keyless.isSending() && now - keylessAt < SHARE_NANOS) {
            return -1;
        }
        int lane = room.calmestLane(one -> of(one).isAnswered() && mayPack(one, now));
        return lane >= 0 ? lane : room.calmestLane(one -> mayPack(one, now));
    }

    /** Calls without a key were packed for the group. */
    void keylessPacked(LaneGroup group, long now) {
        keyless = group;
        keylessAt = now;
    }

    private boolean mayPack(int lane, long now) {
        LaneGroup group = of(lane);
        return group.isFree(now) && group.mayPack(lane);
    }

    private LaneGroup of(int lane) {
        return groups.get(groups.size() == 1 ? 0 : lane);
    }
}
