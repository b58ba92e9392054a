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

    boolean isRepetition(EntryRecord entry) {
        ProducerProgress last = atCursor.get(entry.session());
        return last != null && entry.sequence() <= last.sequence();
    }

    void read(EntryRecord entry, long now) {
        atCursor.put(entry.session(), new ProducerProgress(entry.sequence(), now));
    }

    /**
     * The low watermark has passed an entry. From time to time this forgets old sessions too.
     *
     * @param session null if the entry has none that counts
     */
    void passedLow(UUID session, long sequence, long now, LaneChange changes) {
        if (session != null) {
            ProducerProgress here = new ProducerProgress(sequence, now);
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
            if (low.seenAt() < now - KEPT_MS && (read == null || read.sequence() == low.sequence())) {
                atCursor.remove(one.getKey());
                changes.forget(one.getKey());
                left.remove();
            }
        }
    }
}
