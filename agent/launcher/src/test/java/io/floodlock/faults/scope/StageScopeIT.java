package io.floodlock.faults.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.FloodlockUnavailableException;
import io.floodlock.LockLostException;
import io.floodlock.LockTimeoutException;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.app.Locks;
import io.floodlock.faults.app.Stages;
import io.floodlock.testkit.RedisServer;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks of methods that return a stage last until it has completed. */
@OnEachJdk
class StageScopeIT extends ScopeScenarios {

    @Test
    void onlyOneIsInTheRoomAmongTwoJvms(@TempDir Path folder) {
        onlyOneIsInTheRoom(Stages.class, "visited", folder, "200");
    }

    /** The control: without the agent they meet. */
    @Test
    void unprotectedTheyMeet(@TempDir Path folder) {
        try (Program one = app(Stages.class).withoutAgent().start()) {
            assertEquals("visited", one.call("visit", folder.toString(), "200").value());
            assertTrue(one.said("overlap"));
        }
    }

    @Test
    void storedCallsTooAreAlone(@TempDir Path folder) {
        try (Program one = app(Stages.class).start()) {
            assertEquals("stored", one.call("store", folder.toString(), "50").value());
            assertFalse(one.said("overlap"));
        }
    }

    @Test
    void isHeldUntilTheStageCompletes() {
        isHeldUntilLetGo("holdAndWait");
    }

    @Test
    void isHeldThoughTheDeclaredTypeDoesNotTellOfTheStage() {
        isHeldUntilLetGo("holdHidden");
        try (Program app = app(Stages.class).start()) {
            assertEquals("plainnull", app.call("hideNothing", "a").value());
        }
    }

    private void isHeldUntilLetGo(String verb) {
        try (Program app = app(Stages.class).start();
                Program other = app(Locks.class).start()) {
            Program.Call held = app.begin(verb, "a");
            app.awaitSaid("holding a");
            other.call("lockAtOnce", "a").threw(LockTimeoutException.class, "item:a");
            app.call("letGo", "done").value();
            assertEquals("done", held.reply().value());
            assertEquals("locked", other.call("lock", "a").value());
        }
    }

    @Test
    void aHiddenResultThatDoesNotTellOfItsEndFailsTheCall() {
        try (Program app = app(Stages.class).start()) {
            app.call("hideFuture", "a").threw(LockLostException.class, "Stages.generic", "FutureTask", "Declare");
            app.call("hidePublisher", "a").threw(LockLostException.class, "SubmissionPublisher", "Declare");
            assertEquals("nested", nested(app, "a"));
        }
    }

    @Test
    void aFailingStageFreesItToo() {
        try (Program app = app(Stages.class).start()) {
            Program.Call held = app.begin("holdAndWait", "a");
            app.awaitSaid("holding a");
            app.call("breakIt", "broken stage").value();
            held.reply().threw(CompletionException.class, "broken stage");
            assertEquals("nested", nested(app, "a"));
        }
    }

    @Test
    void aCancelledResultFreesIt() {
        aCancelledCallFreesIt(Stages.class, "cancelled true");
    }

    @Test
    void cancelledWhileItWaitsItNeverRuns() {
        cancelledWhileItWaitsItNeverRuns(Stages.class, "cancelled true");
    }

    @Test
    void waitingBlocksNoEventLoop() {
        try (Program app = app(Stages.class).start();
                Program other = app(Locks.class).start()) {
            other.begin("hold", "a", "go on");
            other.awaitSaid("holding a");
            Program.Call waiting = app.begin("askOnEventLoop", "a");
            assertEquals("pong", app.call("ping").value());
            assertFalse(waiting.ended());
            other.go("go on");
            app.awaitSaid("holding a");
            app.call("letGo", "done").value();
            assertEquals("done", waiting.reply().value());
        }
    }

    @Test
    void aStageThatNeverCompletesIsLostAfterMaxHold() {
        try (Program app = app(Stages.class).start()) {
            app.call("forgotten", "a").threw(CompletionException.class, LockLostException.class.getName(), "maxHold");
            app.awaitLog("maxHold", "item:a", "Stages.forget");
            assertEquals("nested", nested(app, "a"));
        }
    }

    @Test
    void withoutRedisTheResultFailsAndAllRecoversWithoutARestart() {
        try (RedisServer own = RedisServer.start();
                Program app = app(Stages.class).redis(own.url()).start()) {
            own.kill();
            app.call("innerAlone", "a")
                    .threw(
                            CompletionException.class,
                            FloodlockUnavailableException.class.getName(),
                            "127.0.0.1:" + own.port());
            own.restart();
            assertEquals("nested", nested(app, "a"));
        }
    }

    @Test
    void scopesInsideReenterOnWhateverThreadTheyRun() {
        try (Program app = app(Stages.class).start()) {
            assertEquals("nested", nested(app, "a"));
        }
    }

    private static String nested(Program app, String item) {
        return app.call("nested", item).value().equals("inner inner inner ") ? "nested" : "not nested";
    }
}
