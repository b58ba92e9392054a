package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.queue.record.Position;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * The blocking read of the lanes of one slot; on a single server, of all lanes. {@link LaneReader} describes its
 * states. Confined to the reader's thread.
 */
final class SlotRead {

    /** The index of the lanes; 0 on a single server. */
    final int slot;

    final ReadBudget budget = new ReadBudget();

    /** The last entry of the stream that ends the read. */
    Position wakeCursor = Position.ZERO;

    private Map<String, LaneReader.Target> targets = Map.of();
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
    long begin(Map<String, LaneReader.Target> wanted, ReadBudget.Portion asked, long now) {
        targets = wanted;
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

    LaneReader.Target target(String stream) {
        return targets.get(stream);
    }

    Collection<LaneReader.Target> targets() {
        return targets.values();
    }

    /** Whether the read under way must end early, because it lacks one of these lanes; true once for each read. */
    boolean mustEnd(Map<String, LaneReader.Target> wanted) {
        if (!reading || interrupted || !lacks(wanted.entrySet())) {
            return false;
        }
        interrupted = true;
        return true;
    }

    private boolean lacks(Set<Map.Entry<String, LaneReader.Target>> wanted) {
        return wanted.stream().anyMatch(one -> {
            LaneReader.Target read = targets.get(one.getKey());
            return read == null || read.lane() != one.getValue().lane();
        });
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
