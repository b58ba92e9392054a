package io.floodlock.runtime.queue.lane;

import io.floodlock.runtime.queue.record.ParkedField;
import io.floodlock.runtime.queue.record.ParkedRecord;
import java.util.function.BiConsumer;

/**
 * Moves calls of a lane out of the stream. When its window is full, by calls or by bytes: all calls of parked lines,
 * and most calls of long lines. So neither a failing key nor a busy one keeps the lane from reading the calls of other
 * keys. When the lane lags, because a body takes long or the lane has more work than the others: its oldest calls. So
 * the stream can be trimmed, which its lanes share. Each {@link Lane} has one. Guarded by its consumer's lock.
 *
 * <p>The first calls of a line move, also the one that runs, because a takeover puts the parked calls of a key before
 * those in the stream.
 */
final class WindowRelief {

    /** How much one change moves. */
    private static final int MOVE_CALLS = 512;

    private static final int MOVE_BYTES = 1 << 20;

    /** A lane that keeps more bytes of its stream lags. */
    static final long MOST_LAG = 16 << 20;

    /** In a full window, a line of more calls, or with more than this part of the bytes, is long. */
    private static final int LONG_LINE = 64;

    private static final int LONG_BYTES = 4;

    private final KeyScheduler order;
    private final LaneWindow window;
    private final LaneWriter writer;
    private final Reservation reservation;
    private final BiConsumer<LaneCall, ParkedField> leaveStream;
    private long nextParked;

    /** What the change that is being collected moves. */
    private int calls;

    private int bytes;

    /** Whether more calls remain to be moved. */
    private boolean cut;

    /** @param leaveStream called for each call that moves, with its new place: marks it as no longer in the stream */
    WindowRelief(
            KeyScheduler order,
            LaneWindow window,
            LaneWriter writer,
            Reservation reservation,
            BiConsumer<LaneCall, ParkedField> leaveStream) {
        this.order = order;
        this.window = window;
        this.writer = writer;
        this.reservation = reservation;
        this.leaveStream = leaveStream;
    }

    /** The lane has a parked call with this number. */
    void loaded(ParkedField field) {
        nextParked = Math.max(nextParked, field.number() + 1);
    }

    /**
     * Moves calls. At most one change's worth of them.
     *
     * @param share the bytes that the window may hold
     * @param again called when these are stored and more remain
     */
    void move(long share, Runnable again) {
        calls = 0;
        bytes = 0;
        cut = false;
        if (window.lag() > MOST_LAG) {
            // far below the limit, so that the lane does not move call by call
            window.keeping(MOST_LAG / 2).forEach(this::move);
        }
        if (window.isFull(share)) {
            moveLines(share);
        }
        if (cut) {
            writer.changes().whenStored(again);
        }
        if (calls > 0) {
            writer.flushNow();
        }
    }

    private void move(EntryProgress entry) {
        for (int i = 0; i < entry.count; i++) {
            LaneCall call = entry.call(i);
            if (call != null) {
                moveIfRoom(call);
            }
        }
    }

    private void moveLines(long share) {
        for (KeyScheduler.Line line : order.parked()) {
            move(line, 0, 0);
        }
        for (KeyScheduler.Line line : order.keyed()) {
            boolean isLong = line.inStream > LONG_LINE || line.bytesInStream > share / LONG_BYTES;
            // a single call moves nowhere: it is next anyway
            if (isLong && line.inStream > 1) {
                // far below the limit, so that a line does not move call by call
                move(line, LONG_LINE / 2, share / LONG_BYTES / 2);
            }
        }
    }

    /** Moves the first calls of a line until so many calls and bytes of it are left in the stream. */
    private void move(KeyScheduler.Line line, int mostCalls, long mostBytes) {
        for (LaneCall call : line.calls) {
            if (line.inStream <= mostCalls && line.bytesInStream <= mostBytes) {
                return;
            }
            if (call.entry == null) {
                continue;
            }
            if (!moveIfRoom(call)) {
                return;
            }
        }
    }

    /** @return false if the change can't take the call */
    private boolean moveIfRoom(LaneCall call) {
        if (calls >= MOVE_CALLS || bytes >= MOVE_BYTES) {
            cut = true;
            return false;
        }
        calls++;
        bytes += call.content.weight();
        move(call);
        return true;
    }

    /** The number of the next call that moves. */
    long nextParked() {
        return nextParked;
    }

    private void move(LaneCall call) {
        ParkedField field = new ParkedField(nextParked++, call.content.key());
        writer.changes().parked(field.toString(), new ParkedRecord(call.id, call.content).toBytes());
        leaveStream.accept(call, field);
        call.park(field);
        reservation.moved(call);
        if (call.clearance == LaneCall.Clearance.NONE && !call.suspect) {
            // it is read again before it runs: not before its reservation is stored, and so after this change
            call.content = null;
        }
    }
}
