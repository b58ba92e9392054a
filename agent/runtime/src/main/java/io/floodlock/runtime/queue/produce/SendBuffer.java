package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.redis.RedisQueueKeys;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Calls that are not packed into an entry yet; {@link Producer} adds and takes them. A call with a key waits in the
 * lane of its key; calls without a key wait until some lane's entry takes them. Guarded by its producer's lock.
 */
final class SendBuffer {

    private final Deque<OutgoingCall> keyless = new ArrayDeque<>();
    private List<Deque<OutgoingCall>> lanes = List.of();

    /** Calls that arrive while the number of lanes is unknown. */
    private Deque<OutgoingCall> unplaced = new ArrayDeque<>();

    /** Zero while the number is unknown. */
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

    /**
     * Makes the number of lanes unknown again.
     *
     * @param earlier calls that were taken and wait again, before all others
     */
    void forgetLanes(List<OutgoingCall> earlier) {
        Deque<OutgoingCall> all = new ArrayDeque<>(earlier);
        all.addAll(takeAll());
        unplaced = all;
        lanes = List.of();
    }

    /** Removes and returns all calls. */
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

    /**
     * Removes a call.
     *
     * @return whether it was waiting
     */
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

    /** Removes and returns the calls for one entry; none if none waits. */
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

    /**
     * Moves calls while they fit; the first call always fits.
     *
     * @return the bytes left
     */
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
