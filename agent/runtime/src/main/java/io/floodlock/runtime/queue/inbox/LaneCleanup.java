package io.floodlock.runtime.queue.inbox;

import io.floodlock.runtime.queue.lane.LaneCut;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the rows of one lane's calls that can't come again. {@link LaneInbox} has one. Not thread-safe: one turn at a
 * time.
 *
 * <p>A row may go once the store has the end of its call, and can no longer lose it. So it takes cuts: it asks the
 * database for its time, and then the lane for the calls that it has. All rows that are older than that time belong to
 * these calls, or to calls before them. Once all of them have left the lane and that is stored, the cut is covered. An
 * hour later its rows are deleted.
 *
 * <p>A call that waits for long in the lane, because no JVM has its method, keeps the rows of its lane so long. An
 * owner that has the lane for less than an hour deletes nothing; a later one does.
 */
final class LaneCleanup {

    private static final Logger log = LoggerFactory.getLogger(LaneCleanup.class);

    private static final Duration EVERY = Duration.ofMinutes(10);

    /** The time that a failover may take until it shows what the store has lost. */
    private static final Duration KEEP = Duration.ofHours(1);

    private final LongSupplier nanoTime;

    /** The cut that is not covered yet; null if there is none. */
    private Cut open;

    private Long taken;
    private final Deque<Covered> covered = new ArrayDeque<>();

    private record Cut(OffsetDateTime before, LaneCut calls) {}

    private record Covered(OffsetDateTime before, long at) {}

    /** @param nanoTime a clock like {@code System.nanoTime} */
    LaneCleanup(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * To be called each minute while this JVM owns the lane.
     *
     * @param cuts the calls that the lane has at that moment; null if it does not run
     */
    void turn(InboxPlace place, String name, Supplier<LaneCut> cuts) {
        try (Connection own = place.home().open()) {
            turn(own, place.tables(), name, cuts);
        } catch (SQLException e) {
            log.debug("Old rows of lane {} could not be deleted; the next turn tries again", name, e);
        }
    }

    private void turn(Connection own, InboxTables tables, String name, Supplier<LaneCut> cuts) throws SQLException {
        long now = nanoTime.getAsLong();
        if (open != null && open.calls.hasEnded()) {
            Cut cut = open;
            open = null;
            cut.calls.stored().thenRun(() -> cover(cut.before));
        }
        if (open == null && (taken == null || now - taken >= EVERY.toNanos())) {
            OffsetDateTime before = tables.now(own);
            LaneCut calls = cuts.get();
            open = calls == null ? null : new Cut(before, calls);
            taken = now;
        }
        for (Covered oldest = oldest(now); oldest != null; oldest = oldest(now)) {
            tables.delete(own, name, oldest.before);
            remove(oldest);
        }
    }

    private synchronized void cover(OffsetDateTime before) {
        covered.add(new Covered(before, nanoTime.getAsLong()));
    }

    /** The oldest cut that has been covered for long enough; null if there is none. */
    private synchronized Covered oldest(long now) {
        Covered first = covered.peek();
        return first != null && now - first.at >= KEEP.toNanos() ? first : null;
    }

    private synchronized void remove(Covered done) {
        covered.remove(done);
    }
}
