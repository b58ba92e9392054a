package io.floodlock.runtime.queue.store;

import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.Position;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Delivers the entries of streams to the lanes that this JVM owns, of all queues. It asks the {@link Consumer}s which
 * lanes want entries, again and again, and gives each of them the entries after the last one that it has read, in the
 * order of the stream and without a gap; an entry may come twice. Thread-safe.
 */
public interface LaneFeed {

    /** A lane to be fed. */
    interface Reader {

        int number();
    }

    /** A lane that wants entries, and the last entry that it has read. */
    record Reading(Reader lane, Position cursor) {}

    /**
     * An entry as read.
     *
     * @param packed with the sections of the lanes that it is delivered to; null if the bytes are not an entry of a
     *     known format
     */
    record Entry(Position id, EntryRecord packed, byte[] raw) {}

    /**
     * Entries of one stream, and the lanes of one queue that take them.
     *
     * @param isHead whether no lane of this queue in this JVM that wants entries has read the stream further
     */
    record Delivery(int stream, List<Reader> lanes, boolean isHead, List<Entry> entries) {}

    /** The lanes of one queue in this JVM. The feed calls it on its own thread. */
    interface Consumer {

        String queue();

        /** Passes each lane that wants entries, with the number of its stream. */
        void collect(BiConsumer<Integer, Reading> wanting);

        void deliver(Delivery delivery);

        /** A read has failed: the store may be another one now, or may have lost data. */
        void check(Reader lane);

        /** The lane can't be fed. */
        void giveUp(Reader lane, String why);
    }

    void start();

    /** The set of lanes that want entries has changed. Never blocks. */
    void wake();

    /** Ends reads that wait, and waits for the feed's thread for up to 500 ms. */
    void close();
}
