package io.floodlock.runtime.queue.lane;

import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneLog;
import io.floodlock.runtime.queue.store.LaneStep;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the progress of one lane in Redis, one change after the other. Each {@link Lane} has one. Guarded by its
 * consumer's lock; the callback for a reply acquires that lock itself.
 *
 * <p>At most one change is under way. Progress made meanwhile is collected in the next change (group commit). A change
 * is sent again with the same bytes until it is confirmed or the lane has ended; Redis applies it only once, which it
 * checks by the change's number. Plain progress waits up to 20 ms for further progress: losing it costs a repeated
 * body, never a call. A change that some caller waits for is sent at once.
 */
final class LaneWriter {

    private static final Logger log = LoggerFactory.getLogger(LaneWriter.class);
    private static final long FIRST_RETRY_MS = 100;
    private static final long LONGEST_RETRY_MS = 1_000;

    /** The lane, as far as its writer knows it. Called under the consumer's lock. */
    interface Owner {

        int number();

        boolean isOwner();

        /** The last entry that was read. */
        Position cursor();

        /** The state that the lane reaches by this change. */
        LaneStep step(long number, boolean leaving, boolean compares, LaneChange change);

        void stored(LaneChange change);

        /** The store has refused a change for good, or has lost data. */
        void lost(String why);
    }

    private final Owner lane;
    private final LaneHost host;
    private final LaneLog store;
    private final Set<CompletableFuture<Void>> awaited = new HashSet<>();

    private LaneChange changes = new LaneChange();
    private LaneChange underWay;
    private long changeNumber;
    private boolean flushPlanned;

    /** Whether the change that is being collected was to be sent at once, and waits for the one under way. */
    private boolean urgent;

    private boolean lastChangeSent;

    /** The low that the last change has stored, or will. */
    private Position sentLow = Position.ZERO;

    /** Whether the store may have lost data, so that the next change must compare the last id of the stream. */
    private boolean compares;

    /** The cursor when the change under way was sent. Redis must still have all entries read by then. */
    private Position readBefore = Position.ZERO;

    LaneWriter(Owner lane, LaneHost host, LaneLog store) {
        this.lane = lane;
        this.host = host;
        this.store = store;
    }

    /** The change that collects progress now. */
    LaneChange changes() {
        return changes;
    }

    /** Whether the change under way stores bits of the entry. */
    boolean isStoring(Position entry) {
        return underWay != null && underWay.markedEntries().contains(entry);
    }

    boolean isIdle() {
        return underWay == null;
    }

    /** Completes when all progress so far is stored, exceptionally if the lane ends first. */
    CompletableFuture<Void> allStored() {
        CompletableFuture<Void> stored = new CompletableFuture<>();
        awaited.add(stored);
        changes.whenStored(() -> {
            awaited.remove(stored);
            stored.complete(null);
        });
        flushNow();
        return stored;
    }

    void flushSoon() {
        if (!flushPlanned && underWay == null) {
            flushPlanned = true;
            host.flushSoon(() -> {
                flushPlanned = false;
                flushNow();
            });
        }
    }

    void flushNow() {
        if (underWay != null) {
            urgent = true;
            return;
        }
        urgent = false;
        if (changes.isEmpty() || !lane.isOwner()) {
            return;
        }
        underWay = changes;
        changes = new LaneChange();
        changeNumber++;
        readBefore = lane.cursor();
        underWay.seal();
        LaneStep step = lane.step(changeNumber, lastChangeSent, compares, underWay);
        sentLow = step.low();
        send(step, FIRST_RETRY_MS);
    }

    /** Whether no change has stored this low, nor will. */
    boolean isBehind(Position low) {
        return !low.equals(sentLow);
    }

    /** The next change compares the last id of the stream with what was read. */
    void compare() {
        compares = true;
    }

    /** Stores with the last change that the owner leaves, so that its calls do not become suspects. */
    void leave() {
        if (!lastChangeSent && underWay == null) {
            lastChangeSent = true;
            changes.touch();
            flushNow();
        }
    }

    private void send(LaneStep step, long retryMillis) {
        store.apply(step)
                .whenComplete((answer, failure) -> host.locked(() -> {
                    if (!lane.isOwner()) {
                        return;
                    }
                    if (failure != null || answer.outcome() == LaneLog.Outcome.REFUSED) {
                        if (failure == null) {
                            log.warn(
                                    "A change of lane {} of queue {} was refused and is sent again: {}",
                                    lane.number(),
                                    host.queue(),
                                    answer.detail());
                        }
                        compare();
                        host.later(retryMillis, () -> {
                            if (lane.isOwner()) {
                                send(step, Math.min(LONGEST_RETRY_MS, retryMillis * 2));
                            }
                        });
                    } else if (answer.outcome() == LaneLog.Outcome.STORED) {
                        stored(step, answer.last());
                    } else {
                        lane.lost("Redis refused its last change with " + answer.outcome() + " " + answer.detail());
                    }
                }));
    }

    private void stored(LaneStep step, Position last) {
        LaneChange done = underWay;
        underWay = null;
        if (step.wantsLast()) {
            compares = false;
            if (last.compareTo(readBefore) < 0) {
                lane.lost("Redis has lost entries that were read before");
                return;
            }
        } else if (compares) {
            changes.touch();
        }
        lane.stored(done);
    }

    /** Whether the last change is sent, after which the owner can't go on. */
    boolean isLeaving() {
        return lastChangeSent;
    }

    /** Whether the last change is stored, with which the owner leaves. */
    boolean hasLeft() {
        return lastChangeSent && underWay == null && changes.isEmpty();
    }

    /** Sends what was collected while the last change was under way. */
    void flushRest() {
        if (urgent) {
            flushNow();
        } else if (!changes.isEmpty()) {
            flushSoon();
        }
    }

    /** The lane has ended: nothing more is stored. */
    void end() {
        List<CompletableFuture<Void>> waiting = List.copyOf(awaited);
        awaited.clear();
        waiting.forEach(one -> one.completeExceptionally(notOwned()));
    }

    static IllegalStateException notOwned() {
        return new IllegalStateException("this JVM no longer owns the lane");
    }
}
