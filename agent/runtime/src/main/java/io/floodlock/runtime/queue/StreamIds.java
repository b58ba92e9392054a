package io.floodlock.runtime.queue;

import org.redisson.api.stream.StreamMessageId;

/** Converts stream ids from and to the type that Redisson uses. */
final class StreamIds {

    private StreamIds() {}

    static EntryId entry(StreamMessageId id) {
        return new EntryId(id.getId0(), id.getId1());
    }

    static StreamMessageId redisson(EntryId entry) {
        return new StreamMessageId(entry.millis(), entry.sequence());
    }
}
