package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The lanes to which a producer sends with one request: all lanes on a single server, one lane on a cluster.
 * {@link Producer} describes its part. Guarded by its producer's lock.
 */
final class LaneGroup {

    /*
     *   FREE     Nothing is under way.
     *   SENDING  One request is under way, with at most one entry for each lane.
     *   PAUSED   The last request has failed. Nothing is sent for a while.
     *
     * A lane has at most one entry that is packed and not confirmed. While it has one, no other is packed for it, so a
     * later entry can't overtake a repetition. The other lanes of the group go on. After a request without a reply no
     * lane of the group packs until Redis replies, so that calls which wait then are certainly not stored.
     */

    final List<Integer> lanes;
    private final Map<Integer, InFlightEntry> flights = new LinkedHashMap<>();
    private boolean sending;
    private boolean paused;
    private long pausedUntil;

    /** Why the last request had no reply; null if it had one. */
    private FloodlockFailure problem;

    LaneGroup(List<Integer> lanes) {
        this.lanes = List.copyOf(lanes);
    }

    boolean isFree(long now) {
        return !sending && (!paused || now - pausedUntil >= 0);
    }

    boolean isSending() {
        return sending;
    }

    /** Whether a new entry may be packed for the lane. */
    boolean mayPack(int lane) {
        return problem == null ? !flights.containsKey(lane) : flights.isEmpty();
    }

    /** Whether Redis has replied to the last request, as far as is known. */
    boolean isAnswered() {
        return problem == null;
    }

    FloodlockFailure problem() {
        return problem;
    }

    void begin() {
        sending = true;
        paused = false;
    }

    void answered() {
        sending = false;
        problem = null;
    }

    void failed(FloodlockFailure why, long until) {
        sending = false;
        problem = why;
        paused = true;
        pausedUntil = until;
    }

    void add(InFlightEntry flight) {
        flights.put(flight.lane, flight);
    }

    void remove(InFlightEntry flight) {
        flights.remove(flight.lane, flight);
    }

    Collection<InFlightEntry> flights() {
        return flights.values();
    }

    /** Calls that are packed for the lane and not confirmed. */
    int underWay(int lane) {
        InFlightEntry flight = flights.get(lane);
        return flight == null ? 0 : flight.calls.size();
    }

    /** Drops entries that no caller waits for any more. */
    void dropOverdue(long now) {
        flights.values().removeIf(flight -> !flight.isAwaited(now));
    }

    /** The entries that are to be sent now. */
    List<InFlightEntry> due(long now) {
        return flights.values().stream()
                .filter(flight -> now - flight.notBefore >= 0)
                .toList();
    }
}
