package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.queue.redis.RedisLaneEntries.Addition;
import java.util.List;

/**
 * An entry that was packed and is not confirmed yet, with the calls in it. {@link Producer} sends it again,
 * unchanged, until Redis replies or the deadlines of all its calls have passed. Guarded by its producer's lock.
 */
final class InFlightEntry {

    final int lane;
    final List<OutgoingCall> calls;

    /** Whether it was sent and the reply did not say that Redis refused it. */
    boolean mayBeStored;

    /** It is not sent again before this time, as {@link System#nanoTime()}. */
    long notBefore;

    private final byte[] bytes;

    InFlightEntry(int lane, byte[] bytes, List<OutgoingCall> calls, long now) {
        this.lane = lane;
        this.bytes = bytes;
        this.calls = calls;
        this.notBefore = now;
    }

    /** Whether the deadline of at least one of its calls has not passed. */
    boolean isAwaited(long now) {
        return calls.stream().anyMatch(call -> call.deadline - now > 0);
    }

    Addition addition() {
        return new Addition(lane, calls.size(), bytes);
    }
}
