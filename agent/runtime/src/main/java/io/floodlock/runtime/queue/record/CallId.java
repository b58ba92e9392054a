package io.floodlock.runtime.queue.record;

import java.util.UUID;

/**
 * Identifies a call. The id does not depend on stream ids, which can go backwards after a failover.
 *
 * @param session of the producing JVM, made at its start; random, never reused
 * @param sequence of the entry within the session, strictly growing in each lane
 * @param index of the call within the entry
 */
public record CallId(UUID session, long sequence, int index) {

    /** The form used in messages, results and records in Redis. */
    @Override
    public String toString() {
        return session + "." + sequence + "." + index;
    }
}
