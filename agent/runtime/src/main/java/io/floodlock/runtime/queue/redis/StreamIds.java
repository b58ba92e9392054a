package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.record.EntryId;
import org.redisson.api.stream.StreamMessageId;

/** Converts stream ids from and to the type that Redisson uses. */
public final class StreamIds {

    private StreamIds() {}

    public static EntryId entry(StreamMessageId id) {
        return new EntryId(id.getId0(), id.getId1());
    }

    public static StreamMessageId redisson(EntryId entry) {
        return new StreamMessageId(entry.millis(), entry.sequence());
    }
}
