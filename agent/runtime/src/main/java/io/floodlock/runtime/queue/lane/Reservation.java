package io.floodlock.runtime.queue.lane;

import io.floodlock.runtime.queue.record.ReservedCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The calls of one lane that its owner may run: Redis knows them before they run, so that a successor knows which
 * calls may have killed the owner. Each {@link Lane} has one. Guarded by its consumer's lock.
 */
final class Reservation {

    /*
     * Invariant: a call starts only while the set stored in Redis contains it. So the suspects after a death are a
     * superset of the calls that ran, and a small one: calls that were only read, and wait, are not in it.
     *
     * Each change of the lane stores the whole set. It contains
     *   - the calls that run, and those that will run next: the first calls of lines that may start, up to `ahead`,
     *     and of a long line as many as it may run between two changes;
     *   - while no call waits for a reservation and the window is not full, also the next ordinals that are not read
     *     yet, so that a call that arrives at an idle lane starts without a write before it;
     *   - the suspects of an owner that died, until they are finished: if this owner dies too, they still are.
     *
     * Ordinals not read yet. `storedTo` is the end of those in Redis whatever happens to the change under way: the
     * smaller end of the two sets. A call below it may run when it is read; a call below `askedTo` when the change
     * under way is stored.
     *
     * `ahead` follows the rate: twice the calls started between two changes. It doubles when workers find nothing to
     * start although calls wait, so a fast lane writes as seldom as a slow one, and a slow one has few suspects.
     */

    private static final int LEAST_AHEAD = 4;
    private static final int LEAST_UNREAD = 32;
    private static final int MOST_AHEAD = 1_024;

    private final TreeSet<Long> ordinals = new TreeSet<>();
    private final TreeSet<Long> parked = new TreeSet<>();
    private final TreeSet<Long> suspectOrdinals = new TreeSet<>();
    private final TreeSet<Long> suspectParked = new TreeSet<>();

    /** Calls that the change under way reserves. */
    private final List<LaneCall> asked = new ArrayList<>();

    private long storedTo;
    private long askedTo;
    private int ahead = LEAST_AHEAD;
    private int started;
    private boolean starved;

    /** @param suspects what an owner that died had reserved */
    void load(ReservedCalls suspects, long readOrdinal) {
        suspectOrdinals.addAll(suspects.ordinals());
        suspectParked.addAll(suspects.parked());
        storedTo = readOrdinal;
        askedTo = readOrdinal;
    }

    boolean isSuspectParked(long number) {
        return suspectParked.contains(number);
    }

    /**
     * A call of the stream was read.
     *
     * @param soon whether it may run soon; one far behind in its line leaves the set again
     */
    void read(LaneCall call, boolean soon) {
        if (suspectOrdinals.contains(call.ordinal)) {
            call.suspect = true;
        } else if (!soon) {
            ordinals.remove(call.ordinal);
        } else if (call.ordinal < storedTo) {
            call.clearance = LaneCall.Clearance.CLEARED;
        } else if (call.ordinal < askedTo) {
            ask(call);
        }
    }

    private void ask(LaneCall call) {
        call.clearance = LaneCall.Clearance.ASKED;
        asked.add(call);
    }

    /** The call left the lane, or waits again. */
    void remove(LaneCall call) {
        call.clearance = LaneCall.Clearance.NONE;
        if (call.entry == null) {
            parked.remove(call.parkedNumber);
            suspectParked.remove(call.parkedNumber);
        } else {
            finished(call.ordinal);
        }
    }

    /** A call of the stream had left it when it was read. */
    void finished(long ordinal) {
        ordinals.remove(ordinal);
        suspectOrdinals.remove(ordinal);
    }

    /** The call moves from the stream to the parked calls, in the same change as its reservation. */
    void moved(LaneCall call) {
        if (ordinals.remove(call.ordinal)) {
            parked.add(call.parkedNumber);
        }
        if (suspectOrdinals.remove(call.ordinal)) {
            suspectParked.add(call.parkedNumber);
        }
    }

    void started() {
        started++;
    }

    /** Workers found nothing to start although calls wait for a reservation. */
    void starved() {
        starved = true;
    }

    /** Whether the next change should reserve more, before workers find nothing to start. */
    boolean runsLow(KeyScheduler order, long readOrdinal, boolean reads) {
        return order.isHungry() ? order.ready() <= ahead / 2 : reads && readOrdinal + LEAST_UNREAD / 2 > askedTo;
    }

    /**
     * Chooses the calls that the next change reserves, and returns the whole set.
     *
     * @param reads whether further calls may be read
     */
    ReservedCalls next(KeyScheduler order, long readOrdinal, boolean reads) {
        ahead = starved
                ? Math.min(MOST_AHEAD, ahead * 2)
                : Math.max(LEAST_AHEAD, Math.min(MOST_AHEAD, Math.max(2 * started, ahead / 2)));
        starved = false;
        started = 0;
        order.reserve(ahead - order.ready(), call -> {
            ask(call);
            if (call.entry == null) {
                parked.add(call.parkedNumber);
            } else {
                ordinals.add(call.ordinal);
            }
        });
        ordinals.tailSet(readOrdinal).clear();
        askedTo = order.isHungry() || !reads ? readOrdinal : readOrdinal + Math.max(LEAST_UNREAD, ahead);
        for (long ordinal = readOrdinal; ordinal < askedTo; ordinal++) {
            ordinals.add(ordinal);
        }
        storedTo = Math.min(storedTo, askedTo);
        return new ReservedCalls(union(ordinals, suspectOrdinals), union(parked, suspectParked));
    }

    private static SortedSet<Long> union(TreeSet<Long> own, TreeSet<Long> suspects) {
        if (suspects.isEmpty()) {
            return own;
        }
        TreeSet<Long> out = new TreeSet<>(own);
        out.addAll(suspects);
        return out;
    }

    /** The change under way is stored: what it reserved may run. */
    void stored(KeyScheduler order) {
        storedTo = askedTo;
        for (LaneCall call : asked) {
            if (call.clearance == LaneCall.Clearance.ASKED) {
                call.clearance = LaneCall.Clearance.CLEARED;
                order.cleared(call);
            }
        }
        asked.clear();
    }
}
