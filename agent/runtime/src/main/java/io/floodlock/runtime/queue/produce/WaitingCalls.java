package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.queue.record.PackedEntry;
import io.floodlock.runtime.queue.redis.QueueKeys;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Calls that no entry holds yet, each in the lane of its key; those without one in whichever is packed for them. Guarded by its producer's lock. */
final class WaitingCalls {

    private final Deque<PendingCall> keyless = new ArrayDeque<>();
    private List<Deque<PendingCall>> lanes = List.of();

    /** As long as the number of lanes is not known. */
    private Deque<PendingCall> unplaced = new ArrayDeque<>();

    /** Zero as long as they are not known. */
    int lanes() {
        return lanes.size();
    }

    void layOut(int count) {
        List<Deque<PendingCall>> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            places.add(new ArrayDeque<>());
        }
        lanes = places;
        Deque<PendingCall> early = unplaced;
        unplaced = new ArrayDeque<>();
        early.forEach(this::add);
    }

    /** The lanes are not known any more. */
    void forgetLanes() {
        unplaced = takeAll();
        lanes = List.of();
    }

    /** Takes whatever waits. */
    Deque<PendingCall> takeAll() {
        Deque<PendingCall> all = unplaced;
        unplaced = new ArrayDeque<>();
        all.addAll(keyless);
        keyless.clear();
        for (Deque<PendingCall> lane : lanes) {
            all.addAll(lane);
            lane.clear();
        }
        return all;
    }

    void add(PendingCall call) {
        if (lanes.isEmpty()) {
            unplaced.add(call);
        } else if (call.content.key() == null) {
            keyless.add(call);
        } else {
            lanes.get(QueueKeys.laneOf(call.content.key(), lanes.size())).add(call);
        }
    }

    /** Whether it was there. */
    boolean remove(PendingCall call) {
        boolean removed = keyless.remove(call) || unplaced.remove(call);
        for (Deque<PendingCall> lane : lanes) {
            removed |= lane.remove(call);
        }
        return removed;
    }

    boolean isEmpty() {
        return unplaced.isEmpty() && lanes.stream().allMatch(Deque::isEmpty) && keyless.isEmpty();
    }

    boolean hasKeyless() {
        return !keyless.isEmpty();
    }

    /** Takes what one entry holds; none if nothing waits. */
    List<PendingCall> take(int lane, boolean keylessToo) {
        if (lanes.get(lane).isEmpty() && !keylessToo) {
            return List.of();
        }
        List<PendingCall> calls = new ArrayList<>();
        int room = take(lanes.get(lane), calls, PackedEntry.FULL_AT_BYTES);
        if (keylessToo) {
            take(keyless, calls, room);
        }
        return calls;
    }

    /** Moves calls while they fit; the first always does. Answers the bytes left. */
    private static int take(Deque<PendingCall> from, List<PendingCall> to, int room) {
        int left = room;
        for (PendingCall next = from.peek(); next != null; next = from.peek()) {
            int weight = next.content.weight();
            if (to.size() >= PackedEntry.MOST_CALLS || !to.isEmpty() && weight > left) {
                return 0;
            }
            to.add(from.poll());
            left -= weight;
        }
        return left;
    }
}
