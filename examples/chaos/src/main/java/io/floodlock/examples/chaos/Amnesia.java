package io.floodlock.examples.chaos;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * When Redis could not know who holds what: it came back without its data, or as a replica that had missed some, or its clock
 * went ahead of the leases. Nobody can promise exclusion then; what is promised is that holders are told within a lease of
 * Redis being back, so each such time ends that much later. Thread-safe.
 */
final class Amnesia {

    /** Long after any section that touches it has been judged. */
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

    /** Redis is back, whatever it remembers. */
    synchronized void ends(long now) {
        for (Spell spell : spells) {
            if (spell.end == Long.MAX_VALUE) {
                spell.end = now + leaseNanos;
            }
        }
    }

    /** Whether all of that time lies in one spell, so that nothing that happened in it was promised not to. */
    synchronized boolean covers(long from, long until) {
        return spells.stream().anyMatch(spell -> spell.begin <= from && until <= spell.end);
    }
}
