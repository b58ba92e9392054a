package io.floodlock.runtime.queue.engine;

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

    private final Map<UUID, ProducerProgress> atLow = new HashMap<>();
    private final Map<UUID, ProducerProgress> atCursor = new HashMap<>();

    void load(Map<UUID, ProducerProgress> stored) {
        atLow.putAll(stored);
        atCursor.putAll(stored);
    }

    boolean isRepetition(EntryRecord entry) {
        ProducerProgress last = atCursor.get(entry.session());
        return last != null && entry.sequence() <= last.sequence();
    }

    void read(EntryRecord entry, long now) {
        atCursor.put(entry.session(), new ProducerProgress(entry.sequence(), entry.total(), now));
    }

    /**
     * The low watermark has passed the entry.
     *
     * @return the number of calls that the producer gave up and that never arrived
     */
    long passedLow(EntryProgress entry, long now, LaneChange changes) {
        if (entry.session == null) {
            return 0;
        }
        ProducerProgress before = atLow.get(entry.session);
        long sentBefore = before == null ? 0 : before.total();
        ProducerProgress here = new ProducerProgress(entry.sequence, entry.total, now);
        atLow.put(entry.session, here);
        changes.identity(entry.session, here.toString());
        return Math.max(0, entry.total - sentBefore - entry.count);
    }

    /**
     * Forgets sessions that have sent nothing for an hour.
     *
     * @return the number of calls that these sessions had sent; the script drops their totals too, so these calls
     *     are subtracted from the finished ones
     */
    long forgetOld(long now, LaneChange changes) {
        long forgotten = 0;
        for (var left = atLow.entrySet().iterator(); left.hasNext(); ) {
            Map.Entry<UUID, ProducerProgress> one = left.next();
            ProducerProgress progress = one.getValue();
            if (progress.seenAt() < now - KEPT_MS && progress.equals(atCursor.get(one.getKey()))) {
                forgotten += progress.total();
                atCursor.remove(one.getKey());
                changes.forget(one.getKey());
                left.remove();
            }
        }
        return forgotten;
    }
}
