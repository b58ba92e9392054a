package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.store.LaneLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The sending of one producer to all streams of its queue, and the choice of a lane for calls without a key.
 * {@link EntrySender} has one. Guarded by its producer's lock.
 *
 * <p>Calls without a key go to a lane whose stream is free and answers. While a request with such calls is under way,
 * further ones wait for it, to share an entry, for a quarter of a second at most: a node that hangs does not stop them.
 */
final class StreamWriters {

    private static final long SHARE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Null while it is unknown. */
    private LaneLayout layout;

    private List<StreamWriter> writers = List.of();

    /** The writer whose request carries calls without a key, and when it was sent. */
    private StreamWriter keyless;

    private long keylessAt;

    LaneLayout layout() {
        return layout;
    }

    void layOut(LaneLayout found) {
        layout = found;
        writers = found.streams().stream().map(StreamWriter::new).toList();
        keyless = null;
    }

    /** In the order of the layout's streams. */
    List<StreamWriter> all() {
        return writers;
    }

    boolean anyFree(long now) {
        for (StreamWriter writer : writers) {
            if (writer.isFree(now)) {
                return true;
            }
        }
        return false;
    }

    boolean anySending() {
        return writers.stream().anyMatch(StreamWriter::isSending);
    }

    /** The entries that are packed and not confirmed, of calls that are still waited for. */
    List<InFlightEntry> flights(long now) {
        List<InFlightEntry> all = new ArrayList<>();
        for (StreamWriter writer : writers) {
            writer.dropOverdue(now);
            if (writer.flight() != null) {
                all.add(writer.flight());
            }
        }
        return all;
    }

    /** Why a last request had no reply; null if all had one. */
    FloodlockFailure problem() {
        return writers.stream()
                .map(StreamWriter::problem)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The lane for calls without a key; -1 if they wait on. */
    int keylessLane(CapacityGate room, long now) {
        if (keyless != null && keyless.isSending() && now - keylessAt < SHARE_NANOS) {
            return -1;
        }
        int lane = room.calmestLane(one -> of(one).isAnswered() && of(one).mayPack(now));
        return lane >= 0 ? lane : room.calmestLane(one -> of(one).mayPack(now));
    }

    /** Calls without a key were packed for the stream. */
    void keylessPacked(StreamWriter writer, long now) {
        keyless = writer;
        keylessAt = now;
    }

    private StreamWriter of(int lane) {
        return writers.get(lane % writers.size());
    }
}
