package io.floodlock.runtime.queue.store;

import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.record.ReservedCalls;

/** Builds one step of a lane; what a test does not state stays as if nothing had happened. */
final class NextStep {

    final LaneChange change = new LaneChange();
    private final long epoch;
    private final long number;
    private Position low = Position.ZERO;
    private long ordinal;
    private long finished;
    private long load;
    private ReservedCalls reserved = ReservedCalls.NONE;
    private boolean leaving;
    private boolean wantsLast;

    NextStep(long epoch, long number) {
        this.epoch = epoch;
        this.number = number;
    }

    NextStep low(Position passed) {
        low = passed;
        return this;
    }

    NextStep ordinal(long calls) {
        ordinal = calls;
        return this;
    }

    NextStep finished(long calls) {
        finished = calls;
        return this;
    }

    NextStep load(long calls) {
        load = calls;
        return this;
    }

    NextStep reserved(ReservedCalls calls) {
        reserved = calls;
        return this;
    }

    NextStep leaving() {
        leaving = true;
        return this;
    }

    NextStep wantingLast() {
        wantsLast = true;
        return this;
    }

    NextStep dead(int letter) {
        change.dead(new byte[] {(byte) letter});
        return this;
    }

    NextStep parked(String field, byte[] record) {
        change.parked(field, record);
        return this;
    }

    NextStep parkedGone(String field) {
        change.parkedGone(field);
        return this;
    }

    LaneStep sealed() {
        change.seal();
        return new LaneStep(epoch, number, low, ordinal, finished, load, reserved, leaving, wantsLast, change);
    }
}
