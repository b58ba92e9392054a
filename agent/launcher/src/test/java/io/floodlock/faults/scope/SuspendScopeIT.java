package io.floodlock.faults.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.LockLostException;
import io.floodlock.LockTimeoutException;
import io.floodlock.faults.ClassPath;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Locks;
import io.floodlock.faults.app.OldestKotlin;
import io.floodlock.faults.app.PlainCoroutines;
import io.floodlock.faults.app.SuspendRefused;
import io.floodlock.faults.app.Suspends;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks of Kotlin functions that may suspend last until the function has ended, not until it suspends. */
@OnEachJdk
class SuspendScopeIT extends SharedRedis {

    @Test
    void onlyOneIsInTheRoomAmongTwoJvmsWhateverTheForm(@TempDir Path folder) {
        try (Program one = app().start();
                Program two = app().start()) {
            Program.Call first = one.begin("visit", folder.toString(), "6", "default");
            Program.Call second = two.begin("visit", folder.toString(), "6", "loop");
            assertEquals("visited", first.reply().value());
            assertEquals("visited", second.reply().value());
            assertSaidNothing(one);
            assertSaidNothing(two);
        }
    }

    /** The control: without the agent they meet. */
    @Test
    void unprotectedTheyMeet(@TempDir Path folder) {
        try (Program one = app().withoutAgent().start()) {
            assertEquals(
                    "visited",
                    one.call("visit", folder.toString(), "6", "default").value());
            assertTrue(one.said("overlap"));
        }
    }

    @Test
    void formsAnswerTheSameWhereNobodyIsInTheWay(@TempDir Path folder) {
        try (Program one = app().start()) {
            for (String dispatcher : List.of("default", "loop", "unconfined")) {
                assertEquals(
                        "visited",
                        one.call("visitAlone", folder.toString(), dispatcher).value());
            }
            assertEquals(
                    "visited",
                    one.call("visit", folder.toString(), "4", "unconfined").value());
            assertSaidNothing(one);
        }
    }

    @Test
    void worksAsAnOlderCompilerWritesIt(@TempDir Path folder) {
        try (Program one = coroutines(OldestKotlin.class).start();
                Program two = coroutines(OldestKotlin.class).start()) {
            Program.Call first = one.begin("visit", folder.toString(), "50");
            Program.Call second = two.begin("visit", folder.toString(), "50");
            assertEquals("visited", first.reply().value());
            assertEquals("visited", second.reply().value());
            assertSaidNothing(one);
            assertSaidNothing(two);
        }
    }

    @Test
    void worksWithoutALibraryForCoroutines(@TempDir Path folder) {
        try (Program one = kotlin(PlainCoroutines.class).start()) {
            assertEquals("none", one.call("kotlinx").value());
            assertEquals("visited", one.call("visit", folder.toString(), "100").value());
            assertSaidNothing(one);
        }
    }

    @Test
    void isHeldWhileTheFunctionIsSuspendedAndResumedOnTheCallersThread() {
        try (Program app = app().start();
                Program other = program(Locks.class).start()) {
            Program.Call held = app.begin("holdAndWait", "a");
            app.awaitSaid("holding a on loop");
            other.call("lockAtOnce", "a").threw(LockTimeoutException.class, "item:a");
            app.call("letGo", "a").value();
            assertEquals("let go", held.reply().value());
            assertEquals("locked", other.call("lockAtOnce", "a").value());
        }
    }

    @Test
    void waitingBlocksNoDispatcher() {
        try (Program app = app().start();
                Program other = program(Locks.class).start()) {
            Program.Call inTheWay = other.begin("hold", "a", "go on");
            other.awaitSaid("holding a");
            assertEquals("pong", app.call("ask", "a").value());
            assertEquals("pong", app.call("ping").value());
            assertFalse(app.said("holding a on loop"));
            other.go("go on");
            assertEquals("held", inTheWay.reply().value());
            app.awaitSaid("holding a on loop");
            app.call("letGo", "a").value();
            app.awaitSaid("got let go");
        }
    }

    @Test
    void cancelledWhileItWaitsItNeverRuns() {
        try (Program app = app().start();
                Program other = program(Locks.class).start()) {
            Program.Call inTheWay = other.begin("hold", "a", "go on");
            other.awaitSaid("holding a");
            app.call("ask", "a").value();
            assertEquals("cancelled", app.call("cancel").value());
            app.awaitSaid("ended with CancellationException: enough on loop");
            assertEquals("timed out", app.call("timeOut", "a").value());
            app.call("timeOutLoudly", "a").threwNamed("kotlinx.coroutines.TimeoutCancellationException");
            assertEquals("cancelled true", app.call("cancelledBefore", "a").value());
            other.go("go on");
            assertEquals("held", inTheWay.reply().value());
            assertEquals("locked", other.call("lockAtOnce", "a").value());
            assertFalse(app.said("holding a on loop"));
        }
    }

    @Test
    void cancelledWhileItRunsItIsHeldUntilTheBodyHasCleanedUp() {
        try (Program app = app().start();
                Program other = program(Locks.class).start()) {
            app.call("ask", "a").value();
            app.awaitSaid("holding a on loop");
            other.call("lockAtOnce", "a").threw(LockTimeoutException.class, "item:a");
            assertEquals("cancelled", app.call("cancel").value());
            assertTrue(app.said("cleaned a"));
            app.awaitSaid("ended with CancellationException: enough on loop");
            assertEquals("locked", other.call("lockAtOnce", "a").value());
            assertEquals("timed out", app.call("timeOut", "a").value());
            assertEquals("locked", other.call("lockAtOnce", "a").value());
        }
    }

    @Test
    void cancellationsThatRaceTheLockLeaveNothingHeld(@TempDir Path folder) {
        try (Program one = app().start();
                Program two = app().start();
                Program other = program(Locks.class).start()) {
            Program.Call first = one.begin("race", "a", folder.toString(), "1000");
            Program.Call second = two.begin("race", "a", folder.toString(), "1000");
            first.reply();
            second.reply();
            assertEquals("locked", other.call("lockAtOnce", "a").value());
            assertSaidNothing(one);
            assertSaidNothing(two);
        }
    }

    @Test
    void scopesInsideReenterOnWhateverThreadTheyRun() {
        try (Program app = app().start()) {
            for (String dispatcher : List.of("default", "loop", "unconfined")) {
                assertEquals(
                        "bsbbsbbsbbsbbsbsb", app.call("nested", "a", dispatcher).value());
            }
        }
    }

    @Test
    void aScopeEndsWithItsCall() {
        try (Program app = app().start()) {
            assertEquals("taken", app.call("asksAnew", "a").value());
            assertEquals(
                    "free free, taken taken", app.call("outlivingChild", "b").value());
            assertEquals("taken taken", app.call("stranger", "c").value());
        }
    }

    @Test
    void failuresReachTheCallerAsThemselves() {
        try (Program app = app().start();
                Program other = program(Locks.class).start()) {
            app.call("forgotten", "a").threw(LockLostException.class, "maxHold");
            app.awaitLog("maxHold", "item:a", "Suspends.forget");
            app.call("forgottenFarAway", "a").threw(LockLostException.class, "maxHold");
            other.begin("hold", "a", "go on");
            other.awaitSaid("holding a");
            app.call("lockAtOnce", "a").threw(LockTimeoutException.class, "item:a");
            app.call("lockAtOnceFarAway", "a").threw(LockTimeoutException.class, "item:a");
        }
    }

    @Test
    void refusesWhatCantBeHeldForAsLongAsItRuns() {
        try (Program app = coroutines(SuspendRefused.class).start()) {
            for (String refused : List.of(
                    "ReturnsDeferred", "ReturnsJob", "ReturnsFlow", "Inlined", "InlinedAndSuspending", "Reified")) {
                app.call("load", refused).threw(ClassFormatError.class);
            }
            app.call("load", "AnnotatedLambda").threw(ClassFormatError.class);
            app.awaitLog("ReturnsFlow", "does not report when the work has ended");
            app.awaitLog("Inlined", "is inline");
            app.awaitLog("AnnotatedLambda", "lambda that may suspend");
        }
    }

    /** Bodies speak of overlaps and of wrong answers only. */
    private static void assertSaidNothing(Program app) {
        List<String> said = app.jvm().lines().stream()
                .filter(line -> line.startsWith("say\t") && !line.equals("say\tready"))
                .distinct()
                .toList();
        assertEquals(List.of(), said, () -> app.jvm().output());
    }

    private Program.Builder app() {
        return coroutines(Suspends.class);
    }

    private Program.Builder coroutines(Class<?> verbs) {
        return kotlin(verbs).with(ClassPath.of(ClassPath.type("kotlinx.coroutines.Job")));
    }

    private Program.Builder kotlin(Class<?> verbs) {
        return program(verbs).with(ClassPath.of(ClassPath.type("kotlin.Unit")));
    }
}
