package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.queue.record.Attempts;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.ParkedField;

/**
 * One stored call in the memory of its lane's owner, with its place in the stream or among the parked calls, and with
 * its attempts. {@link Lane} creates it. Guarded by its consumer's lock, except the fields that never change.
 */
final class LaneCall {

    /** Whether the call is in the set of calls that may run, which Redis knows; see {@link Reservation}. */
    enum Clearance {
        NONE,
        /** The change under way reserves it. */
        ASKED,
        CLEARED
    }

    final Lane lane;

    /** The stream entry that contains the call; null once it is parked in Redis. */
    EntryProgress entry;

    int index;

    /** Its place in the lane while it is in the stream. */
    long ordinal;

    /** Its field in the hash of the lane's parked calls; null while it is in the stream. */
    String parkedField;

    /** The number in {@link #parkedField}. */
    long parkedNumber;

    /** Null for a parked call whose record has not been read yet; {@code content} likewise. */
    CallId id;

    CallRecord content;

    Attempts attempts = Attempts.NO;

    /** Whether Redis may hold a record of its attempts. The record has to go with the call, whatever it says. */
    boolean attemptsStored;

    Clearance clearance = Clearance.NONE;

    /** Whether it may have killed its JVM; then {@link CrashIsolation} limits what runs beside it. */
    boolean suspect;

    /** The admission of {@link CrashIsolation} for its present run. */
    CrashIsolation.Pass pass;

    /** When its present run began, by System.nanoTime. */
    long began;

    /** The calls of its key; while it runs, it is the first. */
    KeyScheduler.Line line;

    LaneCall(Lane lane) {
        this.lane = lane;
    }

    void park(ParkedField field) {
        parkedField = field.toString();
        parkedNumber = field.number();
        entry = null;
    }

    Attempts.Run isolation() {
        if (!suspect) {
            return Attempts.Run.NONE;
        }
        return attempts.run() == Attempts.Run.NONE ? Attempts.Run.BESIDE : Attempts.Run.ALONE;
    }
}
