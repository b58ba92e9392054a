package io.floodlock.runtime.queue.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.record.ReservedCalls;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneLog;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import io.floodlock.runtime.queue.store.LaneStep;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** When changes are sent. The store replies, and time passes, when the test says so. */
class LaneWriterTest {

    private final Deque<CompletableFuture<LaneLog.Answer>> sent = new ArrayDeque<>();
    private final List<Runnable> soon = new ArrayList<>();
    private final LaneWriter writer = new LaneWriter(new Owner(), new Host(), new Log());
    private int changes;

    private void reply() {
        sent.remove().complete(new LaneLog.Answer(LaneLog.Outcome.STORED, null, ""));
    }

    @Test
    void plainProgressWaitsForMore() {
        writer.changes().touch();
        writer.flushSoon();
        assertEquals(0, changes);
        soon.forEach(Runnable::run);
        assertEquals(1, changes);
    }

    @Test
    void plainProgressDuringAChangeWaitsAfterIt() {
        writer.changes().touch();
        writer.flushNow();
        writer.changes().touch();
        writer.flushSoon();
        reply();
        assertEquals(1, changes);
        soon.forEach(Runnable::run);
        assertEquals(2, changes);
    }

    /** A suspect runs once this is stored: with the pause of plain progress, a successor needs 20 ms for each. */
    @Test
    void whatACallerWaitsForIsSentAsSoonAsTheChangeUnderWayIsStored() {
        writer.changes().touch();
        writer.flushNow();
        writer.changes().touch();
        CompletableFuture<Void> awaited = writer.allStored();
        reply();
        assertEquals(2, changes);
        assertFalse(awaited.isDone());
        reply();
        assertTrue(awaited.isDone());
        assertEquals(List.of(), soon, "the pause of plain progress");
    }

    private final class Owner implements LaneWriter.Owner {
        @Override
        public int number() {
            return 0;
        }

        @Override
        public boolean isOwner() {
            return true;
        }

        @Override
        public Position cursor() {
            return Position.ZERO;
        }

        @Override
        public LaneStep step(long number, boolean leaving, boolean compares, LaneChange change) {
            Position low = Position.ZERO;
            return new LaneStep(1, number, low, 0, 0, 0, ReservedCalls.NONE, leaving, compares, change);
        }

        @Override
        public void stored(LaneChange change) {
            List.copyOf(change.whenStored()).forEach(Runnable::run);
            writer.flushRest();
        }

        @Override
        public void lost(String why) {
            throw new AssertionError(why);
        }
    }

    private final class Log implements LaneLog {
        @Override
        public CompletableFuture<LaneSnapshot> takeOver(long epoch, UUID owner) {
            throw new AssertionError();
        }

        @Override
        public CompletableFuture<Answer> apply(LaneStep step) {
            changes++;
            CompletableFuture<Answer> reply = new CompletableFuture<>();
            sent.add(reply);
            return reply;
        }

        @Override
        public CompletableFuture<List<byte[]>> parked(List<String> fields) {
            throw new AssertionError();
        }
    }

    private final class Host implements LaneHost {
        @Override
        public String queue() {
            return "q";
        }

        @Override
        public CrashIsolation isolation() {
            throw new AssertionError();
        }

        @Override
        public long wallMillis() {
            return 0;
        }

        @Override
        public void later(long millis, Runnable action) {
            throw new AssertionError();
        }

        @Override
        public void flushSoon(Runnable flush) {
            soon.add(flush);
        }

        @Override
        public void locked(Runnable action) {
            action.run();
        }

        @Override
        public <T> T locked(Supplier<T> action) {
            return action.get();
        }

        @Override
        public void handOff(Runnable action) {
            throw new AssertionError();
        }

        @Override
        public long windowShare() {
            return Long.MAX_VALUE;
        }

        @Override
        public void runnable() {}

        @Override
        public void readable() {}

        @Override
        public void ended(int lane) {}

        @Override
        public void dead(String name, String cause) {}
    }
}
