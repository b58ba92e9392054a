package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.store.LaneLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Calls that are not packed into an entry yet; {@link Producer} adds and takes them. A call with a key waits for the
 * stream of its lane; calls without a key wait until some stream's entry takes them. Guarded by its producer's lock.
 */
final class SendBuffer {

    private final Deque<OutgoingCall> keyless = new ArrayDeque<>();

    /** By the place of the stream in the layout. */
    private List<Deque<OutgoingCall>> streams = List.of();

    /** Null while it is unknown. */
    private LaneLayout layout;

    /** Calls that arrive while the layout is unknown. */
    private Deque<OutgoingCall> unplaced = new ArrayDeque<>();

    void layOut(LaneLayout found) {
        List<Deque<OutgoingCall>> places = new ArrayList<>();
        found.streams().forEach(stream -> places.add(new ArrayDeque<>()));
        streams = places;
        layout = found;
        Deque<OutgoingCall> early = unplaced;
        unplaced = new ArrayDeque<>();
        early.forEach(this::add);
    }

    /**
     * Makes the layout unknown again.
     *
     * @param earlier calls that were taken and wait again, before all others
     */
    void forgetLayout(List<OutgoingCall> earlier) {
        Deque<OutgoingCall> all = new ArrayDeque<>(earlier);
        all.addAll(takeAll());
        unplaced = all;
        streams = List.of();
        layout = null;
    }

    /** Removes and returns all calls. */
    Deque<OutgoingCall> takeAll() {
        Deque<OutgoingCall> all = unplaced;
        unplaced = new ArrayDeque<>();
        all.addAll(keyless);
        keyless.clear();
        for (Deque<OutgoingCall> stream : streams) {
            all.addAll(stream);
            stream.clear();
        }
        return all;
    }

    void add(OutgoingCall call) {
        if (layout == null) {
            unplaced.add(call);
        } else if (call.content.laneKey() == null) {
            keyless.add(call);
        } else {
            call.lane = layout.laneOf(call.content.laneKey());
            streams.get(call.lane % streams.size()).add(call);
        }
    }

    /**
     * Removes a call.
     *
     * @return whether it was waiting
     */
    boolean remove(OutgoingCall call) {
        boolean removed = keyless.remove(call) || unplaced.remove(call);
        for (Deque<OutgoingCall> stream : streams) {
            removed |= stream.remove(call);
        }
        return removed;
    }

    boolean isEmpty() {
        if (!unplaced.isEmpty() || !keyless.isEmpty()) {
            return false;
        }
        for (Deque<OutgoingCall> stream : streams) {
            if (!stream.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    boolean hasKeyless() {
        return !keyless.isEmpty();
    }

    /**
     * Removes and returns the calls for one entry, in the order in which they were added to their lane; none if none
     * waits.
     *
     * @param place of the stream in the layout
     * @param keylessLane the lane of this stream that takes the calls without a key; -1 for none
     */
    List<OutgoingCall> take(int place, int keylessLane) {
        Deque<OutgoingCall> keyed = streams.get(place);
        if (keyed.isEmpty() && (keylessLane < 0 || keyless.isEmpty())) {
            return List.of();
        }
        List<OutgoingCall> calls = new ArrayList<>();
        int room = take(keyed, calls, EntryRecord.FULL_AT_BYTES);
        if (keylessLane >= 0) {
            int before = calls.size();
            take(keyless, calls, room);
            for (OutgoingCall call : calls.subList(before, calls.size())) {
                call.lane = keylessLane;
            }
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
