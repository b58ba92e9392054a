package io.floodlock.runtime.queue;

import java.util.UUID;

/**
 * Which call this is, whatever stream id Redis gave its entry: stream ids can go backwards after a failover.
 *
 * @param session of the producing JVM's start; random, never reused
 * @param sequence of the entry within the session, strictly growing in each lane
 * @param index of the call within the entry
 */
record CallId(UUID session, long sequence, int index) {

    /** The id as messages, results and records in Redis write it. */
    @Override
    public String toString() {
        return session + "." + sequence + "." + index;
    }
}
