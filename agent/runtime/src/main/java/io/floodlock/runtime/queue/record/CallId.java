package io.floodlock.runtime.queue.record;

import java.util.UUID;

/**
 * Identifies a call. The id does not depend on stream ids, which can go backwards after a failover.
 *
 * <p>{@link EntryRecord#id} gives the id of a call in an entry.
 *
 * @param session of the producing JVM, made at its start; random, never reused. Or a numbered session, see
 *     {@link EntryRecord#isNumbered()}
 * @param sequence of the entry within the session, strictly growing in each lane; or the number of the call
 * @param index of the call within the entry; 0 for a call that has a number
 */
public record CallId(UUID session, long sequence, int index) {

    /** The form used in messages, results and records in Redis. */
    @Override
    public String toString() {
        return session + "." + sequence + "." + index;
    }
}
