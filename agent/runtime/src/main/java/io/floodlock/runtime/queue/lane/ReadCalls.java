package io.floodlock.runtime.queue.lane;

import io.floodlock.runtime.queue.record.Position;

/** The calls of a lane up to a position of its stream, and those that are parked. Guarded by its consumer's lock. */
final class ReadCalls {

    /*
     * A call may move from the stream to the parked calls, which are numbered in the order in which they move. So all
     * have ended once the stream has been passed, and then the parked calls with the numbers given until that moment.
     */

    private final Position read;

    /** The first number of parked calls that do not belong to them; negative until the stream has been passed. */
    private long parked = -1;

    ReadCalls(Position read) {
        this.read = read;
    }

    /**
     * @param low the last entry below which the lane has nothing left to do
     * @param next the next number of a parked call
     * @param least the least number of a parked call; the next one if there is none
     */
    boolean haveEnded(Position low, long next, long least) {
        if (low.compareTo(read) < 0) {
            return false;
        }
        if (parked < 0) {
            parked = next;
        }
        return least >= parked;
    }
}
