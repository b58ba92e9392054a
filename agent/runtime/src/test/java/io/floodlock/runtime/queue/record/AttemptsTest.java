package io.floodlock.runtime.queue.record;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** When a call's attempts are used up. */
class AttemptsTest {

    @Test
    void failuresAndDeathsOfJvmsCountTogether() {
        assertFalse(new Attempts(1, 1, Attempts.Run.NONE).areUsedUp(3));
        assertTrue(new Attempts(1, 2, Attempts.Run.NONE).areUsedUp(3));
    }

    @Test
    void aCallThatKillsJvmsEndsHoweverManyFailuresAreAllowed() {
        assertTrue(new Attempts(0, Attempts.MOST_CRASHES, Attempts.Run.BESIDE).areUsedUp(1_000));
        assertFalse(new Attempts(Attempts.MOST_CRASHES, 0, Attempts.Run.NONE).areUsedUp(1_000));
    }
}
