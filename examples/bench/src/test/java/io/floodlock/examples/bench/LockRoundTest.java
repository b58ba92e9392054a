package io.floodlock.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.examples.bench.locks.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockRoundTest {

    @Test
    void sharesAreThoseOfTheWorst() {
        LockRound round = new LockRound(List.of(
                outcome(2.5, new long[] {30, 10}, new long[] {10, 30, 0}),
                outcome(2.1, new long[] {20, 20}, new long[] {30, 10, 1})));
        assertEquals(0.5, round.smallestShareOfThread());
        // the last, broken second doesn't count
        assertEquals(0.25, round.smallestShareOfJvm());
    }

    private static Outcome outcome(double seconds, long[] perThread, long[] perSecond) {
        return new Outcome(40, 0, 0, seconds, perThread, perSecond, "", "", 0);
    }
}
