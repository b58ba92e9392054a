package io.floodlock.runtime.queue.lane;

import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.ProducerProgress;
import io.floodlock.runtime.queue.store.LaneChange;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The progress of each producer's session in one lane, by which its owner recognises repeated entries. Each
 * {@link Lane} has one. Guarded by its consumer's lock.
 *
 * <p>A producer sends its entries for a lane one after the other, and repeats each until it is confirmed. So an entry
 * whose sequence is at or below the last sequence seen from its session is a repetition. The comparison uses the
 * progress as of the cursor. The progress as of low is what is stored, because a takeover reads the entries above low
 * again.
 *
 * <p>A call of a numbered session may be sent again at any time and in another entry. So the numbers are compared, an
 * entry may be a repetition in part, and the progress is kept for good.
 */
final class ProducerPositions {

    private static final long KEPT_MS = 3_600_000;
    private static final long LOOK_MS = 60_000;

    private final Map<UUID, ProducerProgress> atLow = new HashMap<>();
    private final Map<UUID, ProducerProgress> atCursor = new HashMap<>();
    private long lookedAt;

    void load(Map<UUID, ProducerProgress> stored) {
        atLow.putAll(stored);
        atCursor.putAll(stored);
    }

    /** How many calls of the section are repetitions: all, none, or some from the first one on. */
    int repeated(EntryRecord entry, EntryRecord.Section section) {
        ProducerProgress last = atCursor.get(entry.session());
        return last == null ? 0 : entry.repeated(section, last.sequence());
    }

    /** An entry was read whose section is not a repetition as a whole. */
    void read(EntryRecord entry, EntryRecord.Section section, long now) {
        atCursor.put(entry.session(), new ProducerProgress(entry.reached(section), now));
    }

    /**
     * The low watermark has passed an entry. From time to time this forgets old sessions too.
     *
     * @param session null if the entry has none that counts
     * @param reached as {@link EntryRecord#reached} says
     */
    void passedLow(UUID session, long reached, long now, LaneChange changes) {
        if (session != null) {
            ProducerProgress here = new ProducerProgress(reached, now);
            atLow.put(session, here);
            changes.identity(session, here.toString());
        }
        // also after the clock was set back
        if (Math.abs(now - lookedAt) >= LOOK_MS) {
            forgetOld(now, changes);
        }
    }

    /** Forgets sessions that have sent nothing for an hour and of which no entry is in the window. */
    void forgetOld(long now, LaneChange changes) {
        lookedAt = now;
        for (var left = atLow.entrySet().iterator(); left.hasNext(); ) {
            Map.Entry<UUID, ProducerProgress> one = left.next();
            ProducerProgress low = one.getValue();
            ProducerProgress read = atCursor.get(one.getKey());
            boolean forgets = !EntryRecord.isNumbered(one.getKey());
            if (forgets && low.seenAt() < now - KEPT_MS && (read == null || read.sequence() == low.sequence())) {
                atCursor.remove(one.getKey());
                changes.forget(one.getKey());
                left.remove();
            }
        }
    }
}
