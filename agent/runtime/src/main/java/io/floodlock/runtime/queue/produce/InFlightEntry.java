package io.floodlock.runtime.queue.produce;

import java.util.List;

/**
 * An entry that was packed and is not confirmed yet, with the calls in it. {@link EntrySender} sends it again,
 * unchanged, until Redis replies or the deadlines of all its calls have passed. Guarded by its producer's lock.
 */
final class InFlightEntry {

    final byte[] bytes;
    final List<OutgoingCall> calls;

    /** Whether it was sent and the reply did not say that Redis refused it. */
    boolean mayBeStored;

    /** It is not sent again before this time, as {@link System#nanoTime()}. */
    long notBefore;

    InFlightEntry(byte[] bytes, List<OutgoingCall> calls, long now) {
        this.bytes = bytes;
        this.calls = calls;
        this.notBefore = now;
    }

    /** Whether the deadline of at least one of its calls has not passed. */
    boolean isAwaited(long now) {
        for (OutgoingCall call : calls) {
            if (call.deadline - now > 0) {
                return true;
            }
        }
        return false;
    }
}
