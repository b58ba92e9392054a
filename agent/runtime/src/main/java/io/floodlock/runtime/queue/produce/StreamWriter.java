package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.failure.FloodlockFailure;

/**
 * The sending of one producer to one stream. {@link EntrySender} describes its part. Guarded by its producer's lock.
 */
final class StreamWriter {

    /*
     *   FREE     Nothing is under way.
     *   SENDING  One request is under way.
     *   PAUSED   The last request has failed. Nothing is sent for a while.
     *
     * At most one entry is packed and not confirmed, its flight. While there is one, no other is packed, so a later
     * entry can't overtake a repetition, and calls that wait then are certainly not stored.
     */

    /** The number of the stream. */
    final int stream;

    private InFlightEntry flight;
    private boolean sending;
    private boolean paused;
    private long pausedUntil;

    /** Why the last request had no reply; null if it had one. */
    private FloodlockFailure problem;

    StreamWriter(int stream) {
        this.stream = stream;
    }

    boolean isFree(long now) {
        return !sending && (!paused || now - pausedUntil >= 0);
    }

    boolean isSending() {
        return sending;
    }

    /** Whether an entry may be packed now. */
    boolean mayPack(long now) {
        return flight == null && isFree(now);
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

    /** The request is over, and what its reply says is done. */
    void ended() {
        sending = false;
    }

    void answered() {
        problem = null;
    }

    void failed(FloodlockFailure why, long until) {
        problem = why;
        paused = true;
        pausedUntil = until;
    }

    void add(InFlightEntry entry) {
        flight = entry;
    }

    /** The entry is confirmed, or refused for good. */
    void remove(InFlightEntry entry) {
        if (flight == entry) {
            flight = null;
        }
    }

    /** The entry that is packed and not confirmed; null if there is none. */
    InFlightEntry flight() {
        return flight;
    }

    /** Calls that are packed and not confirmed. */
    int underWay() {
        return flight == null ? 0 : flight.calls.size();
    }

    /** Drops an entry that no caller waits for any more. */
    void dropOverdue(long now) {
        if (flight != null && !flight.isAwaited(now)) {
            flight = null;
        }
    }

    /** The entry that is to be sent now; null if there is none. */
    InFlightEntry due(long now) {
        return flight != null && now - flight.notBefore >= 0 ? flight : null;
    }
}
