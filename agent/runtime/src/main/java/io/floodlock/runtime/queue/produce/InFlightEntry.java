package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.queue.store.OutgoingEntry;
import java.util.List;

/**
 * An entry that was packed and is not confirmed yet, with the calls in it. {@link EntrySender} sends it again,
 * unchanged, until Redis replies or the deadlines of all its calls have passed. Guarded by its producer's lock.
 */
final class InFlightEntry {

    private OutgoingEntry entry;

    /** Those that are not confirmed yet. */
    List<OutgoingCall> calls;

    /** It is not sent again before this time, as {@link System#nanoTime()}. */
    long notBefore;

    InFlightEntry(OutgoingEntry entry, List<OutgoingCall> calls, long now) {
        this.entry = entry;
        this.calls = calls;
        this.notBefore = now;
    }

    OutgoingEntry entry() {
        return entry;
    }

    /** It was sent, and no reply has said that Redis refused it. */
    void sentInVain() {
        entry = entry.again();
    }

    boolean mayBeStored() {
        return entry.mayBeStored();
    }

    /** Removes and returns the calls that so many replicas are enough for. */
    List<OutgoingCall> takeConfirmed(int replicas) {
        List<OutgoingCall> confirmed = calls;
        if (replicas < entry.replicas()) {
            confirmed = calls.stream()
                    .filter(call -> call.content.replicas() <= replicas)
                    .toList();
            calls = calls.stream()
                    .filter(call -> call.content.replicas() > replicas)
                    .toList();
        } else {
            calls = List.of();
        }
        return confirmed;
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
