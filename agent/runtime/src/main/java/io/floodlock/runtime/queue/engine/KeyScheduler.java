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
 * Calls of one key in order, one at a time; other keys beside them. Guarded by its consumer's lock.
 *
 * <p>Each key has a line of calls. A line is <em>ready</em> (its first call may run), <em>running</em> (its first call does)
 * or <em>parked</em> (its first call failed or finds no method: it waits, and all behind it). The first call leaves its line
 * only when it is done, so that the order holds whatever becomes of it. A call without a key is a line of its own.
 */
final class KeyScheduler {

    enum State {
        READY,
        RUNNING,
        PARKED
    }

    static final class Line {

        final String key;
        final Deque<LaneCall> calls = new ArrayDeque<>();
        State state = State.READY;

        /** The method for which a parked line waits; null if it waits for its backoff. */
        String missing;

        /** Grows each time the line is parked, so that an old timer doesn't wake it. */
        int parkings;

        private Line(String key) {
            this.key = key;
        }
    }

    private final Map<String, Line> keyed = new HashMap<>();
    private final Deque<Line> ready = new ArrayDeque<>();
    private final Deque<Line> suspects = new ArrayDeque<>();

    /** Those that are parked; lines without a key are found only here. */
    private final List<Line> parked = new ArrayList<>();

    void add(LaneCall call, String key) {
        Line line = key == null ? new Line(null) : keyed.computeIfAbsent(key, Line::new);
        call.line = line;
        line.calls.add(call);
        if (line.calls.size() == 1) {
            makeReady(line);
        }
    }

    /** The next call that may run beside any other, or null. It runs from now on. */
    LaneCall next() {
        return start(ready);
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    /** The next call that must be isolated, or null; it stays first until {@link #startSuspect()}. */
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

    /** The call has been run, or will never be: the next of its key may. */
    void done(LaneCall call) {
        Line line = call.line;
        line.calls.poll();
        if (!line.calls.isEmpty()) {
            makeReady(line);
        } else if (line.key != null) {
            keyed.remove(line.key);
        }
    }

    /** The call's key waits until {@link #wake}; {@code missing} names the method that nobody here knows. */
    void park(LaneCall call, String missing) {
        Line line = call.line;
        line.state = State.PARKED;
        line.missing = missing;
        line.parkings++;
        parked.add(line);
    }

    /** Whether the line was parked for the given time, and is no more. */
    boolean wake(Line line, int parking) {
        if (line.state != State.PARKED || line.parkings != parking) {
            return false;
        }
        parked.remove(line);
        makeReady(line);
        return true;
    }

    /** Wakes all that wait for a method. */
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
