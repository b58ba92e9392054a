package io.floodlock.runtime.queue.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.floodlock.runtime.queue.record.Attempts.Run;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrashIsolationTest {

    private final List<Runnable> timers = new ArrayList<>();
    private final List<CrashIsolation.Pass> demoting = new ArrayList<>();
    private final CrashIsolation isolation = new CrashIsolation(() -> {}, (millis, action) -> timers.add(action));

    private CrashIsolation.Pass enter(Run how) {
        return isolation.enter(how, () -> true, demoting::add);
    }

    /** All that waits for a time to pass sees that it has passed. */
    private void timePasses() {
        List<Runnable> due = new ArrayList<>(timers);
        timers.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void someSuspectsRunBesideOthersAndNoMore() {
        CrashIsolation.Pass first = enter(Run.BESIDE);
        for (int i = 1; i < 8; i++) {
            assertNotNull(enter(Run.BESIDE));
        }

        assertNull(enter(Run.BESIDE));
        assertNotNull(enter(Run.NONE));
        isolation.exit(first);
        isolation.exit(first);
        assertNotNull(enter(Run.BESIDE));
        assertNull(enter(Run.BESIDE), "an exit counts once");
    }

    @Test
    void suspectsThatHangGiveTheirPlacesUp() {
        for (int i = 0; i < 8; i++) {
            enter(Run.BESIDE);
        }
        timePasses();

        assertNotNull(enter(Run.BESIDE));
    }

    @Test
    void aSuspectRunsAloneOnceNothingElseRuns() {
        CrashIsolation.Pass other = enter(Run.NONE);

        assertNull(enter(Run.ALONE));
        assertNull(enter(Run.NONE), "new calls wait, so that the suspect's turn comes");
        isolation.exit(other);
        CrashIsolation.Pass alone = enter(Run.ALONE);
        assertEquals(Run.ALONE, alone.how);
        assertNull(enter(Run.NONE));
        assertNull(enter(Run.BESIDE));
        isolation.exit(alone);
        assertNotNull(enter(Run.NONE));
    }

    @Test
    void aCallThatHangsKeepsASuspectFromRunningAloneButNotOthersFromRunning() {
        CrashIsolation.Pass hanging = enter(Run.NONE);
        enter(Run.ALONE);
        timePasses();

        assertEquals(Run.BESIDE, enter(Run.ALONE).how, "a death is attributed to no call");
        CrashIsolation.Pass ordinary = enter(Run.NONE);
        assertNotNull(ordinary);
        isolation.exit(hanging);
        assertNull(enter(Run.ALONE), "it waits for the others again");
    }

    @Test
    void aTimerOfAnEarlierWaitEndsNoLaterOne() {
        CrashIsolation.Pass other = enter(Run.NONE);
        enter(Run.ALONE);
        isolation.exit(other);
        isolation.exit(enter(Run.ALONE));
        Runnable first = timers.get(0);
        other = enter(Run.NONE);
        assertNull(enter(Run.ALONE));

        first.run();

        assertNull(enter(Run.NONE), "the second wait goes on");
    }

    @Test
    void aSuspectThatHangsAloneHoldsOthersUpUntilRedisKnows() {
        CrashIsolation.Pass alone = enter(Run.ALONE);
        timePasses();

        assertEquals(List.of(alone), demoting);
        assertNull(enter(Run.NONE), "Redis still holds the run as one alone: a death by another would be its own");
        isolation.demoted(alone);
        assertNotNull(enter(Run.NONE));
        isolation.exit(alone);
    }

    @Test
    void aSuspectThatDoesNotWantToRunAnyMoreHoldsNobodyUp() {
        enter(Run.NONE);
        assertNull(isolation.enter(Run.ALONE, () -> false, demoting::add));

        assertNotNull(enter(Run.NONE));
    }
}
