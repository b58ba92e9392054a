package io.floodlock.runtime.queue.store;

import io.floodlock.runtime.queue.record.Position;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * The stored state of one lane, with the operations of its owner. Each change carries the owner's epoch, and the store
 * refuses it once a later owner has taken over. Thread-safe.
 */
public interface LaneLog {

    enum Outcome {
        /** The change is stored, now or by an earlier attempt. */
        STORED,
        /** Another JVM owns the lane. */
        LOST,
        /** The store has lost an earlier change. */
        GAP,
        /** The store could not apply the change; it may later. */
        REFUSED
    }

    /** @param last the last id of the lane's stream, zero if it is gone, if the step asked for it; else null */
    record Answer(Outcome outcome, Position last, String detail) {}

    /**
     * Raises the lane's epoch and reads the lane's state.
     *
     * @return fails with IllegalStateException if a later owner has taken over, or if the lane is stored in another
     *     format
     */
    CompletableFuture<LaneSnapshot> takeOver(long epoch, UUID owner);

    /** Stores one change, whole or not at all. Storing the same one again is harmless. */
    CompletableFuture<Answer> apply(LaneStep step);

    /** The records of parked calls, in the order of their fields; null for one that does not exist. */
    CompletableFuture<List<byte[]>> parked(List<String> fields);
}
