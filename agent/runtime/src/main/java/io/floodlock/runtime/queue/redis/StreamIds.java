package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.record.Position;
import org.redisson.api.stream.StreamMessageId;

/** Converts stream ids between {@code Position} and the type of Redisson. */
public final class StreamIds {

    private StreamIds() {}

    public static Position entry(StreamMessageId id) {
        return new Position(id.getId0(), id.getId1());
    }

    public static StreamMessageId redisson(Position entry) {
        return new StreamMessageId(entry.millis(), entry.sequence());
    }
}
