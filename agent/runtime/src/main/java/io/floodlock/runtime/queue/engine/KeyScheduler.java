package io.floodlock.runtime.queue.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Orders the calls of one lane: the calls of one key run in their order of arrival, one at a time; calls of other
 * keys run beside them. Each {@link Lane} has one. Guarded by its consumer's lock.
 *
 * <p>Each key has a line of calls. A line is <em>ready</em> (its first call may run), <em>running</em> (its first
 * call runs) or <em>parked</em> (its first call failed, or its method is missing: it waits, and so do all calls
 * behind it). The first call leaves its line only when it is done, so the order holds for every outcome. A call
 * without a key has a line of its own.
 */
final class KeyScheduler {

    enum State {
        READY,
        RUNNING,
        PARKED
    }

    /** The calls of one key in order, or one call without a key. */
    static final class Line {

        final String key;
        final Deque<LaneCall> calls = new ArrayDeque<>();
        State state = State.READY;

        /** The method that a parked line waits for; null if it waits for its backoff. */
        String missing;

        /** Grows with each parking of the line, so that a timer of an earlier parking does not wake it. */
        int parkings;

        private Line(String key) {
            this.key = key;
        }
    }

    private final Map<String, Line> keyed = new HashMap<>();
    private final Deque<Line> ready = new ArrayDeque<>();
    private final Deque<Line> suspects = new ArrayDeque<>();

    /** All parked lines. Parked lines without a key are referenced only here. */
    private final List<Line> parked = new ArrayList<>();

    void add(LaneCall call, String key) {
        Line line = key == null ? new Line(null) : keyed.computeIfAbsent(key, Line::new);
        call.line = line;
        line.calls.add(call);
        if (line.calls.size() == 1) {
            makeReady(line);
        }
    }

    /** The next call that may run beside any other, or null. It counts as running from now on. */
    LaneCall next() {
        return start(ready);
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    /** The next call that must run isolated, or null. It stays first until {@link #startSuspect()}. */
    LaneCall peekSuspect() {
        Line line = suspects.peek();
        return line == null ? null : line.calls.peek();
    }

    LaneCall startSuspect() {
        return start(suspects);
    }

    private static LaneCall start(Deque<Line> from) {
        Line line = from.poll();
        if (line == null) {
            return null;
        }
        line.state = State.RUNNING;
        return line.calls.peek();
    }

    /** The call was started and did not run: it is ready again, before all others. */
    void putBack(LaneCall call) {
        call.line.state = State.READY;
        (call.suspect ? suspects : ready).addFirst(call.line);
    }

    /** The call has been run, or will never run: the next call of its key may run. */
    void done(LaneCall call) {
        Line line = call.line;
        line.calls.poll();
        if (!line.calls.isEmpty()) {
            makeReady(line);
        } else if (line.key != null) {
            keyed.remove(line.key);
        }
    }

    /**
     * Stops the call's line until {@link #wake} or {@link #wakeUnhandled}.
     *
     * @param missing the method that is missing in this JVM; null for a backoff
     */
    void park(LaneCall call, String missing) {
        Line line = call.line;
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
        makeReady(line);
        return true;
    }

    /** Makes all lines ready that wait for a method. */
    void wakeUnhandled() {
        for (Iterator<Line> lines = parked.iterator(); lines.hasNext(); ) {
            Line line = lines.next();
            if (line.missing != null) {
                lines.remove();
                makeReady(line);
            }
        }
    }

    Collection<Line> parked() {
        return parked;
    }

    private void makeReady(Line line) {
        line.state = State.READY;
        line.missing = null;
        (line.calls.peek().suspect ? suspects : ready).add(line);
    }
}
