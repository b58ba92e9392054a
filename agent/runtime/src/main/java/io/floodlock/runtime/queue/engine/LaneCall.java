package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.queue.record.Attempts;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;

/** One stored call in its owner's memory. Guarded by its consumer's lock, but for what never changes. */
final class LaneCall {

    final Lane lane;

    /** Where the call stands in the stream; null once it is parked in Redis. */
    EntryProgress entry;

    int index;

    /** Its field among the lane's parked calls; null while it is in the stream. */
    String parkedField;

    /** Null for a parked call whose record has not been fetched; likewise what it consists of. */
    CallId id;

    CallRecord content;

    Attempts attempts = Attempts.NO;

    /** May have killed its JVM: it runs when no other suspect does. */
    boolean suspect;

    /** How it was let in by {@link CrashIsolation} when its run began. */
    Attempts.Run enteredAs = Attempts.Run.NONE;

    /** The calls of its key, it first while it runs. */
    KeyScheduler.Line line;

    LaneCall(Lane lane) {
        this.lane = lane;
    }

    Attempts.Run isolation() {
        if (!suspect) {
            return Attempts.Run.NONE;
        }
        return attempts.run() == Attempts.Run.NONE ? Attempts.Run.BESIDE : Attempts.Run.ALONE;
    }
}
