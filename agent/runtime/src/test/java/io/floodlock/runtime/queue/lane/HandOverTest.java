package io.floodlock.runtime.queue.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HandOverTest {

    private static final long SECOND = 1_000_000_000;

    private final HandOver move = new HandOver(0);

    @Test
    void aLaneWithoutBodiesOrWithYoungOnesStopsAtOnce() {
        assertTrue(move.mayStop(0, 0));
        assertTrue(move.mayStop(SECOND / 10, 0));
    }

    @Test
    void aLaneWithALongBodyGoesOn() {
        assertFalse(move.mayStop(SECOND, 0));
        assertFalse(move.mayStop(60 * SECOND, 0));
    }

    @Test
    void patienceGrowsUpToTenSeconds() {
        assertEquals(SECOND / 4, move.patience(0));
        assertEquals(5 * SECOND, move.patience(40 * SECOND));
        assertEquals(10 * SECOND, move.patience(1_000 * SECOND));
    }

    @Test
    void aLaneThatWasTakenBackStaysForTenTimesAsLong() {
        long now = 80 * SECOND;
        assertTrue(move.mayStop(now, now));

        move.takenBack(now);

        assertFalse(move.mayStop(now + 89 * SECOND, now + 89 * SECOND));
        assertTrue(move.mayStop(now + 90 * SECOND, now + 90 * SECOND));
    }
}
