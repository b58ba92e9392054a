package io.floodlock.runtime.queue.lane;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Orders the calls of one lane: the calls of one key run in their order of arrival, one at a time; calls of other
 * keys run beside them. Each {@link Lane} has one. Guarded by its consumer's lock.
 *
 * <p>Each key has a line of calls. The first call leaves its line only when it is done, so the order holds for every
 * outcome. A call without a key has a line of its own. Lines of which the first call may run start in turn, so a long
 * line does not delay a short one.
 *
 * <p>One run may take several calls of a method: the first ones of a line, and those of other lines. They are done one
 * by one, in the order of their line. If one of them is parked, the others behind it are not taken any more.
 */
final class KeyScheduler {

    enum State {
        /** Its first call may run once it is reserved; see {@link Reservation}. */
        WAITING,
        /** Its first call may run: it is reserved, or it is a suspect. */
        READY,
        RUNNING,
        /** Its first call failed, or its method is missing: it waits, and so do all calls behind it. */
        PARKED
    }

    /** The calls of one key in order, or one call without a key. */
    static final class Line {

        /** How many calls of a long line are reserved in one change. All are suspects if the owner dies. */
        private static final int DEEPEST = 256;

        /** How many runs of a batch are reserved in one change, where batches wait for this line only. */
        private static final int BATCHES_AHEAD = 4;

        final String key;
        final Deque<LaneCall> calls = new ArrayDeque<>();
        State state = State.WAITING;

        /** How many of the first calls belong to the run that is going on. */
        int taken;

        /** Calls of the line in the stream, and the bytes of their contents. */
        int inStream;

        long bytesInStream;

        /** The method that a parked line waits for; null if it waits for its backoff. */
        String missing;

        /** Whether its last call is done, so that the next ones will run soon; not while its first call fails. */
        boolean flows;

        /** Grows with each parking of the line, so that a timer of an earlier parking does not wake it. */
        int parkings;

        /** How many of its calls are reserved in one change; grows when workers wait for this line only. */
        private int depth = 1;

        private Line(String key) {
            this.key = key;
        }
    }

    private final Map<String, Line> keyed = new HashMap<>();

    /** Waiting lines whose first call no change reserves yet. */
    private final Deque<Line> hungry = new ArrayDeque<>();

    private final Deque<Line> ready = new ArrayDeque<>();
    private final Deque<Line> suspects = new ArrayDeque<>();

    /** Running lines of which more calls should be reserved. */
    private final Set<Line> deep = new LinkedHashSet<>();

    /** All parked lines. Parked lines without a key are referenced only here. */
    private final Set<Line> parked = new LinkedHashSet<>();

    void add(LaneCall call, String key) {
        Line line = key == null ? new Line(null) : keyed.computeIfAbsent(key, Line::new);
        call.line = line;
        line.calls.add(call);
        if (line.calls.size() == 1) {
            offer(line);
        }
    }

    /** Whether so many calls of the key wait that another one will not run soon. */
    boolean isLong(String key) {
        Line line = key == null ? null : keyed.get(key);
        return line != null && line.calls.size() >= Math.max(line.depth, Line.DEEPEST);
    }

    /** The next call that may run beside any other, or null. It counts as running from now on. */
    LaneCall next() {
        return start(ready);
    }

    /** The number of lines whose first call is reserved and may start. */
    int ready() {
        return ready.size();
    }

    /** Whether lines wait for a reservation that no change under way contains. */
    boolean isHungry() {
        return !hungry.isEmpty();
    }

    /** The next call that must run isolated, or null. It stays first until {@link #startSuspect()}. */
    LaneCall peekSuspect() {
        Line line = suspects.peek();
        return line == null ? null : line.calls.peek();
    }

    /** The number of lines whose first call is a suspect that may start. */
    int suspects() {
        return suspects.size();
    }

    LaneCall startSuspect() {
        return start(suspects);
    }

    private LaneCall start(Deque<Line> from) {
        Line line = from.poll();
        if (line == null) {
            return null;
        }
        return begin(line);
    }

    private LaneCall begin(Line line) {
        line.state = State.RUNNING;
        if (line.calls.size() > Line.DEEPEST) {
            line.depth = Math.max(line.depth, Line.DEEPEST);
        }
        if (line.depth > 1 && line.calls.size() > 1) {
            deep.add(line);
        }
        LaneCall first = line.calls.peek();
        take(first);
        return first;
    }

    private static void take(LaneCall call) {
        call.line.taken++;
        call.taken = true;
    }

    /**
     * Takes further calls of the method for the run of a call that was started: those behind it in its line, then those
     * of lines that are ready.
     *
     * @param most how many calls the run may have, with the first
     * @param taken receives them in the order in which they must be done
     */
    void takeMore(LaneCall first, int most, Consumer<LaneCall> taken) {
        int left = takeBehind(first, first, most - 1, taken);
        for (Iterator<Line> lines = ready.iterator(); left > 0 && lines.hasNext(); ) {
            Line line = lines.next();
            if (!line.calls.peek().mayJoin(first)) {
                continue;
            }
            lines.remove();
            LaneCall head = begin(line);
            taken.accept(head);
            left = takeBehind(head, first, left - 1, taken);
        }
    }

    /** @return how many calls the run may still take */
    private int takeBehind(LaneCall head, LaneCall first, int most, Consumer<LaneCall> taken) {
        Line line = head.line;
        int left = most;
        for (LaneCall call : line.calls) {
            if (call.taken) {
                continue;
            }
            if (left == 0) {
                return 0;
            }
            if (call.clearance != LaneCall.Clearance.CLEARED) {
                line.depth = Math.min(Line.BATCHES_AHEAD * (most + 1), Math.max(2 * line.depth, Line.DEEPEST));
                deep.add(line);
            }
            if (!call.mayJoin(first)) {
                return left;
            }
            take(call);
            taken.accept(call);
            left--;
        }
        return left;
    }

    /**
     * Passes the calls to be reserved next.
     *
     * @param lines the most lines to be started
     */
    void reserve(int lines, Consumer<LaneCall> reserved) {
        for (int i = 0; i < lines && !hungry.isEmpty(); i++) {
            reserve(hungry.poll(), reserved);
        }
        for (Line line : deep) {
            if (line.state == State.RUNNING) {
                reserve(line, reserved);
            }
        }
        deep.clear();
    }

    private static void reserve(Line line, Consumer<LaneCall> reserved) {
        int left = line.depth;
        for (LaneCall call : line.calls) {
            if (left-- == 0) {
                return;
            }
            if (call.clearance == LaneCall.Clearance.NONE && !call.suspect) {
                reserved.accept(call);
            }
        }
    }

    /** The call's reservation is stored. */
    void cleared(LaneCall call) {
        Line line = call.line;
        if (line.state == State.WAITING && line.calls.peek() == call) {
            line.state = State.READY;
            ready.add(line);
        }
    }

    /** The call was started and did not run: it is ready again, before all others. A run's last call comes first. */
    void putBack(LaneCall call) {
        Line line = call.line;
        call.taken = false;
        line.taken--;
        if (line.taken == 0) {
            line.state = State.READY;
            (call.suspect ? suspects : ready).addFirst(line);
        }
    }

    /** The call has been run, or will never run: the next call of its key may run. */
    void done(LaneCall call) {
        Line line = call.line;
        line.calls.poll();
        line.flows = true;
        call.taken = false;
        line.taken--;
        if (line.taken > 0) {
            return;
        }
        if (line.calls.isEmpty()) {
            if (line.key != null) {
                keyed.remove(line.key);
            }
            return;
        }
        if (line.calls.peek().clearance != LaneCall.Clearance.CLEARED && ready.isEmpty()) {
            line.depth = Math.min(Line.DEEPEST, 2 * line.depth);
        }
        offer(line);
    }

    /**
     * Stops the call's line until {@link #wake} or {@link #wakeUnhandled}.
     *
     * @param missing the method that is missing in this JVM; null for a backoff
     */
    void park(LaneCall call, String missing) {
        Line line = call.line;
        for (LaneCall each : line.calls) {
            if (!each.taken) {
                break;
            }
            each.taken = false;
        }
        line.taken = 0;
        line.flows = false;
        line.state = State.PARKED;
        line.missing = missing;
        line.parkings++;
        parked.add(line);
    }

    /**
     * Makes the line ready again if it is still in that parking.
     *
     * @return whether it was
     */
    boolean wake(Line line, int parking) {
        if (line.state != State.PARKED || line.parkings != parking) {
            return false;
        }
        parked.remove(line);
        offer(line);
        return true;
    }

    /** Makes all lines ready that wait for a method. */
    void wakeUnhandled() {
        for (Iterator<Line> lines = parked.iterator(); lines.hasNext(); ) {
            Line line = lines.next();
            if (line.missing != null) {
                lines.remove();
                offer(line);
            }
        }
    }

    Collection<Line> parked() {
        return parked;
    }

    /** All lines with a key. */
    Collection<Line> keyed() {
        return keyed.values();
    }

    private void offer(Line line) {
        line.missing = null;
        LaneCall first = line.calls.peek();
        if (first.suspect || first.clearance == LaneCall.Clearance.CLEARED) {
            line.state = State.READY;
            (first.suspect ? suspects : ready).add(line);
            return;
        }
        line.state = State.WAITING;
        if (first.clearance == LaneCall.Clearance.NONE) {
            hungry.add(line);
        }
    }
}
