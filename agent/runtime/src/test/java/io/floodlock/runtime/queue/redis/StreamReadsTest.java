package io.floodlock.runtime.queue.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.lane.Lane;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.redis.StreamReads.Target;
import io.floodlock.runtime.queue.redis.StreamReads.Wanted;
import io.floodlock.runtime.queue.store.LaneFeed;
import io.floodlock.runtime.queue.store.LaneFeed.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamReadsTest {

    private static final long SEED = Long.getLong("floodlock.seed", System.nanoTime());

    private final StreamReads reads = new StreamReads();

    private record Lane(int number) implements LaneFeed.Reader {}

    private static Lane lane(int number) {
        return new Lane(number);
    }

    private static Wanted wanted(Reading... lanes) {
        return new Wanted(null, 0, List.of(lanes));
    }

    private static Position at(long millis) {
        return new Position(millis, 0);
    }

    @Test
    void lanesThatHaveReadEquallyFarShareAReadThatWaits() {
        Lane one = lane(1);
        Lane two = lane(2);

        Target read = reads.next("s", wanted(new Reading(one, at(5)), new Reading(two, at(5))));

        assertEquals(at(5), read.cursor());
        assertEquals(List.of(one, two), read.lanes());
        assertTrue(read.waits());
        assertTrue(read.isHead());
    }

    @Test
    void aLaneBehindAndThoseInFrontTakeTurns() {
        Lane behind = lane(1);
        Lane front = lane(2);
        Wanted wanted = wanted(new Reading(behind, at(1)), new Reading(front, at(9)));

        for (int i = 0; i < 3; i++) {
            Target first = reads.next("s", wanted);
            assertEquals(at(1), first.cursor());
            assertEquals(List.of(behind, front), first.lanes());
            assertFalse(first.isHead());
            assertFalse(first.waits());

            Target second = reads.next("s", wanted);
            assertEquals(at(9), second.cursor());
            assertEquals(List.of(front), second.lanes());
            assertTrue(second.isHead());
            assertFalse(second.waits());
        }
    }

    /** Each lane sees each entry once and in order, whatever the order in which lanes stop and go on. */
    @Test
    void everyLaneReadsEveryEntryOnceAndInOrder() {
        System.out.println("-Dfloodlock.seed=" + SEED);
        Random random = new Random(SEED);
        int lanes = 5;
        int entries = 400;
        Lane[] all = new Lane[lanes];
        long[] cursors = new long[lanes];
        for (int i = 0; i < lanes; i++) {
            all[i] = lane(i);
            cursors[i] = random.nextInt(50);
        }
        long last = 100;
        for (int step = 0; step < 100_000 && !caughtUp(cursors, entries); step++) {
            last = Math.min(entries, last + random.nextInt(3));
            List<Reading> wanting = new ArrayList<>();
            for (int i = 0; i < lanes; i++) {
                if (random.nextInt(4) > 0) {
                    wanting.add(new Reading(all[i], at(cursors[i])));
                }
            }
            if (wanting.isEmpty()) {
                continue;
            }
            Target read = reads.next("s", new Wanted(null, 0, wanting));
            long to = Math.min(last, read.cursor().millis() + 1 + random.nextInt(8));
            for (LaneFeed.Reader lane : read.lanes()) {
                // what a lane does: it skips what it has read; a gap would be a lost call
                assertTrue(read.cursor().millis() <= cursors[lane.number()], "no gap");
                cursors[lane.number()] = Math.max(cursors[lane.number()], to);
            }
        }
        assertTrue(caughtUp(cursors, entries));
    }

    private static boolean caughtUp(long[] cursors, long entries) {
        for (long cursor : cursors) {
            if (cursor < entries) {
                return false;
            }
        }
        return true;
    }
}
