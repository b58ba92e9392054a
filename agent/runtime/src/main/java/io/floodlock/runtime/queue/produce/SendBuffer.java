package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.redis.RedisQueueKeys;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Calls that no entry holds yet, each in the lane of its key; those without one in whichever is packed for them. Guarded by its producer's lock. */
final class SendBuffer {

    private final Deque<OutgoingCall> keyless = new ArrayDeque<>();
    private List<Deque<OutgoingCall>> lanes = List.of();

    /** As long as the number of lanes is not known. */
    private Deque<OutgoingCall> unplaced = new ArrayDeque<>();

    /** Zero as long as they are not known. */
    int lanes() {
        return lanes.size();
    }

    void layOut(int count) {
        List<Deque<OutgoingCall>> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            places.add(new ArrayDeque<>());
        }
        lanes = places;
        Deque<OutgoingCall> early = unplaced;
        unplaced = new ArrayDeque<>();
        early.forEach(this::add);
    }

    /** The lanes are not known any more. */
    void forgetLanes() {
        unplaced = takeAll();
        lanes = List.of();
    }

    /** Takes whatever waits. */
    Deque<OutgoingCall> takeAll() {
        Deque<OutgoingCall> all = unplaced;
        unplaced = new ArrayDeque<>();
        all.addAll(keyless);
        keyless.clear();
        for (Deque<OutgoingCall> lane : lanes) {
            all.addAll(lane);
            lane.clear();
        }
        return all;
    }

    void add(OutgoingCall call) {
        if (lanes.isEmpty()) {
            unplaced.add(call);
        } else if (call.content.key() == null) {
            keyless.add(call);
        } else {
            lanes.get(RedisQueueKeys.laneOf(call.content.key(), lanes.size())).add(call);
        }
    }

    /** Whether it was there. */
    boolean remove(OutgoingCall call) {
        boolean removed = keyless.remove(call) || unplaced.remove(call);
        for (Deque<OutgoingCall> lane : lanes) {
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
    List<OutgoingCall> take(int lane, boolean keylessToo) {
        if (lanes.get(lane).isEmpty() && !keylessToo) {
            return List.of();
        }
        List<OutgoingCall> calls = new ArrayList<>();
        int room = take(lanes.get(lane), calls, EntryRecord.FULL_AT_BYTES);
        if (keylessToo) {
            take(keyless, calls, room);
        }
        return calls;
    }

    /** Moves calls while they fit; the first always does. Answers the bytes left. */
    private static int take(Deque<OutgoingCall> from, List<OutgoingCall> to, int room) {
        int left = room;
        for (OutgoingCall next = from.peek(); next != null; next = from.peek()) {
            int weight = next.content.weight();
            if (to.size() >= EntryRecord.MOST_CALLS || !to.isEmpty() && weight > left) {
                return 0;
            }
            to.add(from.poll());
            left -= weight;
        }
        return left;
    }
}
