package io.floodlock.faults.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.FloodlockUnavailableException;
import io.floodlock.LockTimeoutException;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Ticks;
import org.junit.jupiter.api.Test;

/** Calls that are passed over where a key isn't free, and keys that stay taken after the call. */
@OnEachJdk
class SkipIT extends SharedRedis {

    private static final String SKIPPED = "Optional.empty";

    @Test
    void aCallIsPassedOverWhereItsKeyIsHeldAndRunsWhereItIsNot() {
        try (Program holder = program(Ticks.class).start();
                Program other = program(Ticks.class).start()) {
            Program.Call holding = holder.begin("hold", "a", "go on");
            holder.awaitSaid("holding a");
            for (Program app : new Program[] {holder, other}) {
                app.call("refused", "a").threw(LockTimeoutException.class, "tick:a");
                assertEquals("null", app.call("tick", "a").value());
                assertEquals(SKIPPED, app.call("find", "a").value());
                assertEquals(SKIPPED, app.call("findAfterAWhile", "a").value());
                assertEquals(SKIPPED, app.call("read", "a").value());
                app.call("refusedInside", "a").threw(LockTimeoutException.class, "tick:a");
                assertFalse(app.said("ticked a"));
            }
            holder.go("go on");
            assertEquals("held", holding.reply().value());
            for (Program app : new Program[] {holder, other}) {
                assertEquals("null", app.call("tick", "a").value());
                assertTrue(app.said("ticked a"));
                assertEquals("Optional[found a]", app.call("find", "a").value());
                assertEquals("Optional[read a]", app.call("read", "a").value());
            }
        }
    }

    @Test
    void aRedisThatDoesNotAnswerIsNoReasonToPassOver() {
        try (Program app = program(Ticks.class).redis("redis://127.0.0.1:1").start()) {
            app.call("tick", "a").threw(FloodlockUnavailableException.class, "127.0.0.1:1");
            assertFalse(app.said("ticked a"));
        }
    }

    @Test
    void whatRanOnceIsPassedOverForItsShortestHoldThoughItsJvmHasEnded() {
        try (Program late = program(Ticks.class).start()) {
            try (Program first = program(Ticks.class).start()) {
                assertEquals("Optional[once]", first.call("once", "a").value());
                assertEquals("Optional[again]", first.call("again", "a").value());
                assertEquals(SKIPPED, first.call("once", "a").value());
                assertEquals(SKIPPED, late.call("once", "a").value());
                // the control: without a shortest hold the other runs it again
                assertEquals("Optional[again]", late.call("again", "a").value());
                first.begin("exit");
                first.jvm().awaitExit();
            }
            assertEquals(SKIPPED, late.call("once", "a").value());
            assertEquals("Optional[again]", late.call("again", "a").value());
        }
    }

    @Test
    void whatWasKilledInItsBodyIsPassedOverForItsShortestHold() {
        try (Program late = program(Ticks.class).setting("lease", "1s").start();
                Program first = program(Ticks.class).setting("lease", "1s").start()) {
            first.begin("hold", "b", "never");
            first.awaitSaid("holding b");
            first.begin("onceAndHang", "b");
            first.awaitSaid("hanging b");
            first.jvm().kill();
            Program.Call afterTheLease = late.begin("hold", "b", "go on");
            late.awaitSaid("holding b");
            assertEquals(SKIPPED, late.call("once", "b").value());
            late.go("go on");
            assertEquals("held", afterTheLease.reply().value());
        }
    }
}
