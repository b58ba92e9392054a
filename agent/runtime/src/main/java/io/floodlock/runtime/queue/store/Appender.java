package io.floodlock.runtime.queue.store;

import io.floodlock.runtime.queue.record.Position;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Adds entries to the streams of one queue, and reads how many calls are unfinished. Thread-safe. */
public interface Appender {

    /** Whether an entry was stored. */
    enum Outcome {
        STORED,
        /** The stream does not exist: the store has lost its data, or is another one now. */
        NO_STREAM,
        /** The queue has another layout. */
        OTHER_LAYOUT,
        /** The queue gets another layout; until then the stream takes only repetitions. */
        SEALED,
        /** The queue has another layout. The entry is stored if an earlier attempt has stored it. */
        RETIRED,
        /** The store has refused the entry. */
        REFUSED
    }

    /**
     * The reply. The entry is stored if the outcome is STORED, and only then.
     *
     * @param unfinished number of the stream's unfinished calls
     * @param id of the entry; null without one, or if each of its calls repeats an earlier one
     * @param loads of the lanes that were asked for: the unfinished calls that the lane's owner has last stated
     * @param replicas that have the entry; 0 if it wants none
     * @param detail why it was refused
     */
    record Answer(Outcome outcome, long unfinished, Position id, List<Long> loads, int replicas, String detail) {}

    /**
     * Adds an entry. After a failure it is unknown whether it is stored; the same bytes may be sent again, and the
     * owners of its lanes skip repetitions. The store leaves out calls that repeat an earlier one, by their dedup keys.
     * If it wants replicas and too few have it after a moment, it is stored all the same.
     *
     * @param layout as the producer knows it; the entry is stored only if it is that of the queue
     * @param loads lanes of the stream whose loads are wanted
     */
    CompletableFuture<Answer> append(LaneLayout layout, int stream, OutgoingEntry entry, List<Integer> loads);
}
