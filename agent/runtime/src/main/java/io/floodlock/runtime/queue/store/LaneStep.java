package io.floodlock.runtime.queue.store;

import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.record.ReservedCalls;

/**
 * One change of a lane with the state that its owner reaches by it. Immutable, as it is sent again until it is
 * confirmed.
 *
 * @param number of the change, counted from 1 since the takeover
 * @param low the lane has no work in entries up to this one
 * @param ordinal number of the lane's calls in these entries
 * @param finished number of calls that have left the lane since the last change
 * @param load the lane's unfinished calls as far as its owner knows them
 * @param reserved the calls that the owner may run once this change is stored
 * @param leaving whether the owner leaves the lane with this change
 * @param wantsLast whether the reply must contain the last id of the stream
 * @param change sealed
 */
public record LaneStep(
        long epoch,
        long number,
        Position low,
        long ordinal,
        long finished,
        long load,
        String reserved,
        boolean leaving,
        boolean wantsLast,
        LaneChange change) {

    public LaneStep(
            long epoch,
            long number,
            Position low,
            long ordinal,
            long finished,
            long load,
            ReservedCalls reserved,
            boolean leaving,
            boolean wantsLast,
            LaneChange change) {
        this(epoch, number, low, ordinal, finished, load, reserved.toString(), leaving, wantsLast, change);
    }
}
