package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.queue.record.Attempts;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;

/**
 * One stored call in the memory of its lane's owner, with its place in the stream or among the parked calls, and with
 * its attempts. {@link Lane} creates it. Guarded by its consumer's lock, except the fields that never change.
 */
final class LaneCall {

    final Lane lane;

    /** The stream entry that contains the call; null once it is parked in Redis. */
    EntryProgress entry;

    int index;

    /** Its field in the hash of the lane's parked calls; null while it is in the stream. */
    String parkedField;

    /** Null for a parked call whose record has not been read yet; {@code content} likewise. */
    CallId id;

    CallRecord content;

    Attempts attempts = Attempts.NO;

    /** Whether Redis may hold a record of its attempts. The record has to go with the call, whatever it says. */
    boolean attemptsStored;

    /** Whether it may have killed its JVM; then it runs only while no other suspect runs. */
    boolean suspect;

    /** How {@link CrashIsolation} admitted it when its run began. */
    Attempts.Run enteredAs = Attempts.Run.NONE;

    /** The calls of its key; while it runs, it is the first. */
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
