package io.floodlock.runtime.queue.lane;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.record.Position;
import org.junit.jupiter.api.Test;

class ReadCallsTest {

    private static final Position BEFORE = Position.parse("9-0");
    private static final Position READ = Position.parse("10-0");
    private static final Position LATER = Position.parse("11-0");

    @Test
    void endOnceTheStreamIsPassedAndNothingIsParked() {
        ReadCalls calls = new ReadCalls(READ);
        assertFalse(calls.haveEnded(BEFORE, 0, 0));
        assertTrue(calls.haveEnded(READ, 0, 0));
        assertTrue(calls.haveEnded(LATER, 0, 0));
    }

    @Test
    void waitForCallsThatMovedOutOfTheStream() {
        ReadCalls calls = new ReadCalls(READ);
        assertFalse(calls.haveEnded(BEFORE, 3, 1));
        // calls 3 and 4 were moved, and so the stream is passed
        assertFalse(calls.haveEnded(READ, 5, 1));
        assertFalse(calls.haveEnded(LATER, 7, 4));
        assertTrue(calls.haveEnded(LATER, 8, 5));
    }

    @Test
    void doNotWaitForCallsThatAreParkedLater() {
        ReadCalls calls = new ReadCalls(READ);
        assertFalse(calls.haveEnded(READ, 2, 1));
        assertTrue(calls.haveEnded(LATER, 9, 2));
    }
}
