package io.floodlock.examples.chaos;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The periods in which Redis could not know the holders: it restarted without its data, it was replaced by a replica
 * that had missed writes, or its clock went ahead of the leases. No lock on Redis can guarantee exclusion in such a
 * period. What Floodlock guarantees is that holders notice the loss within one lease after Redis is back, so each
 * period ends one lease after that. Thread-safe.
 */
final class Amnesia {

    /**
     * Age at which a period is removed. It is far longer than the delay after which a section that touches the period
     * is judged.
     */
    private static final long FORGOTTEN_NANOS = 300_000_000_000L;

    private final Deque<Spell> spells = new ArrayDeque<>();
    private final long leaseNanos;

    Amnesia(long leaseNanos) {
        this.leaseNanos = leaseNanos;
    }

    private static final class Spell {
        private final long begin;
        private long end = Long.MAX_VALUE;

        Spell(long begin) {
            this.begin = begin;
        }
    }

    synchronized void begins(long now) {
        for (Iterator<Spell> all = spells.iterator(); all.hasNext(); ) {
            if (now - FORGOTTEN_NANOS > all.next().end) {
                all.remove();
            }
        }
        spells.add(new Spell(now));
    }

    /** Records that Redis is available again, with or without its data. */
    synchronized void ends(long now) {
        for (Spell spell : spells) {
            if (spell.end == Long.MAX_VALUE) {
                spell.end = now + leaseNanos;
            }
        }
    }

    /** Whether one period covers this whole time, so that no guarantee applied to it. */
    synchronized boolean covers(long from, long until) {
        return spells.stream().anyMatch(spell -> spell.begin <= from && until <= spell.end);
    }

    /** Whether Redis may since have forgotten what it had accepted at this time. */
    synchronized boolean mayForget(long accepted) {
        return spells.stream().anyMatch(spell -> accepted <= spell.end);
    }
}
