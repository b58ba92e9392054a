package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.store.LaneFeed;
import java.util.Collection;
import java.util.Map;

/**
 * The blocking read of the streams of one slot; on a single server, of all queues. {@link RedisLaneFeed} describes its
 * states. Confined to the reader's thread.
 */
final class SlotRead {

    /** The number of the streams; 0 on a single server. */
    final int slot;

    final ReadBudget budget = new ReadBudget();

    final StreamReads streams = new StreamReads();

    /** The last entry of the stream that ends the read. */
    Position wakeCursor = Position.ZERO;

    private Map<String, StreamReads.Target> targets = Map.of();
    private ReadBudget.Portion portion;
    private long number;
    private boolean reading;
    private boolean interrupted;
    private boolean troubled;
    private long since;
    private long notBefore = System.nanoTime();

    SlotRead(int slot) {
        this.slot = slot;
    }

    /** @return the number of the read; an answer to any other read is too late */
    long begin(Map<String, StreamReads.Target> read, ReadBudget.Portion asked, long now) {
        targets = read;
        portion = asked;
        reading = true;
        interrupted = false;
        since = now;
        return ++number;
    }

    /** @return false if this read was given up before */
    boolean end(long read) {
        if (!reading || read != number) {
            return false;
        }
        reading = false;
        return true;
    }

    void pause(long until) {
        notBefore = until;
    }

    boolean isReading() {
        return reading;
    }

    boolean isReadingSince(long before) {
        return reading && since - before < 0;
    }

    boolean mayBegin(long now) {
        return !reading && now - notBefore >= 0;
    }

    long number() {
        return number;
    }

    /** What the last read asked for. */
    ReadBudget.Portion portion() {
        return portion;
    }

    StreamReads.Target target(String stream) {
        return targets.get(stream);
    }

    Collection<StreamReads.Target> targets() {
        return targets.values();
    }

    /** Whether the read under way waits, and must end early as it lacks one of these lanes; true once for each read. */
    boolean mustEnd(Map<String, StreamReads.Wanted> wanted) {
        if (!reading || interrupted || !waits() || !lacks(wanted)) {
            return false;
        }
        interrupted = true;
        return true;
    }

    private boolean waits() {
        return targets.values().stream().allMatch(StreamReads.Target::waits);
    }

    private boolean lacks(Map<String, StreamReads.Wanted> wanted) {
        for (Map.Entry<String, StreamReads.Wanted> one : wanted.entrySet()) {
            StreamReads.Target read = targets.get(one.getKey());
            for (LaneFeed.Reading reading : one.getValue().lanes()) {
                if (read == null || !read.lanes().contains(reading.lane())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** @return whether this begins a time of trouble */
    boolean trouble() {
        boolean first = !troubled;
        troubled = true;
        return first;
    }

    /** @return whether this ends a time of trouble */
    boolean recovered() {
        boolean was = troubled;
        troubled = false;
        return was;
    }
}
