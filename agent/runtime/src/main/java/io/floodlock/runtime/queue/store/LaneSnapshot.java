package io.floodlock.runtime.queue.store;

import io.floodlock.runtime.queue.record.Attempts;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.record.ProducerProgress;
import io.floodlock.runtime.queue.record.ReservedCalls;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The state of a lane in Redis at the moment of its takeover, as the takeover script returns it. Lane describes the
 * terms.
 *
 * @param previousOwner session of the previous owner if it did not leave the lane; empty otherwise
 * @param lowWatermark the last entry below which, itself included, the lane has no work
 * @param ordinal number of the lane's calls in all entries up to {@code lowWatermark}
 * @param reserved calls that an earlier owner may have been running
 * @param last the last id of the lane's stream
 * @param identities progress of each producer's session, as of {@code lowWatermark}
 * @param doneBits for each partly finished entry the bits of its calls that have left the stream
 * @param attempts by call id
 * @param parkedFields the fields of the hash of parked calls
 */
public record LaneSnapshot(
        String previousOwner,
        Position lowWatermark,
        long ordinal,
        ReservedCalls reserved,
        Position last,
        Map<UUID, ProducerProgress> identities,
        Map<Position, byte[]> doneBits,
        Map<String, Attempts> attempts,
        List<String> parkedFields) {

    /** @param reply the reply of the takeover script, whose first element is OK */
    public static LaneSnapshot of(List<Object> reply) {
        try {
            Map<UUID, ProducerProgress> identities = new HashMap<>();
            pairs(
                    reply.get(6),
                    (name, value) -> identities.put(UUID.fromString(name), ProducerProgress.parse(text(value))));
            Map<Position, byte[]> marks = new HashMap<>();
            pairs(reply.get(7), (name, value) -> marks.put(Position.parse(name), value));
            Map<String, Attempts> attempts = new HashMap<>();
            pairs(reply.get(8), (name, value) -> attempts.put(name, Attempts.parse(text(value))));
            List<String> parked = new ArrayList<>();
            for (Object field : (List<?>) reply.get(9)) {
                parked.add(text(field));
            }
            return new LaneSnapshot(
                    text(reply.get(1)),
                    Position.parse(text(reply.get(2))),
                    Long.parseLong(text(reply.get(3))),
                    ReservedCalls.parse(text(reply.get(4))),
                    Position.parse(text(reply.get(5))),
                    identities,
                    marks,
                    attempts,
                    parked);
        } catch (IndexOutOfBoundsException | ClassCastException | IllegalArgumentException e) {
            throw new MalformedRecordException("the lane's state in Redis can't be read", e);
        }
    }

    public static String text(Object value) {
        return new String((byte[]) value, StandardCharsets.UTF_8);
    }

    private interface Pair {
        void take(String name, byte[] value);
    }

    private static void pairs(Object list, Pair pair) {
        List<?> values = (List<?>) list;
        for (int i = 0; i + 1 < values.size(); i += 2) {
            pair.take(text(values.get(i)), (byte[]) values.get(i + 1));
        }
    }
}
