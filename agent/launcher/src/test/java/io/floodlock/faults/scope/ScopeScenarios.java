package io.floodlock.faults.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.floodlock.faults.Program;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Locks;
import java.nio.file.Path;

/** What happens to locks of a call whose result ends later than it returns, in whatever library results are written. */
abstract class ScopeScenarios extends SharedRedis {

    /** The application, with the libraries that it needs. */
    Program.Builder app(Class<?> verbs) {
        return program(verbs);
    }

    final void onlyOneIsInTheRoom(Class<?> verbs, String reply, Path folder, String much) {
        try (Program one = app(verbs).start();
                Program two = app(verbs).start()) {
            Program.Call first = one.begin("visit", folder.toString(), much);
            Program.Call second = two.begin("visit", folder.toString(), much);
            assertEquals(reply, first.reply().value());
            assertEquals(reply, second.reply().value());
            assertEquals(0, one.timesSaid("overlap") + two.timesSaid("overlap"));
        }
    }

    final void aCancelledCallFreesIt(Class<?> verbs, String reply) {
        try (Program app = app(verbs).start();
                Program other = app(Locks.class).start()) {
            Program.Call held = app.begin("cancelled", "a", "cancel");
            app.awaitSaid("holding a");
            app.go("cancel");
            assertEquals(reply, held.reply().value());
            assertEquals("locked", other.call("lock", "a").value());
        }
    }

    final void cancelledWhileItWaitsItNeverRuns(Class<?> verbs, String reply) {
        try (Program app = app(verbs).start();
                Program other = app(Locks.class).start()) {
            Program.Call inTheWay = other.begin("hold", "a", "go on");
            other.awaitSaid("holding a");
            Program.Call waiting = app.begin("cancelled", "a", "cancel");
            app.awaitSaid("asked a");
            app.go("cancel");
            assertEquals(reply, waiting.reply().value());
            other.go("go on");
            assertEquals("held", inTheWay.reply().value());
            assertEquals("locked", other.call("lock", "a").value());
            assertFalse(app.said("holding a"));
        }
    }
}
