package io.floodlock.faults.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.faults.ClassPath;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Contexts;
import io.floodlock.faults.app.Locks;
import org.junit.jupiter.api.Test;

/** What a body sees of its caller's thread, whether it had to wait for its lock or not. */
@OnEachJdk
class ContextsIT extends SharedRedis {

    private static final String ALL = "mdc ann, security ann, traced ann, registered ann, loader true, plain ";

    @Test
    void aBodyThatHadToWaitSeesWhatItsCallerHad() {
        try (Program app = app();
                Program other = program(Locks.class).start()) {
            for (String verb : new String[] {"lookAs", "publishAs"}) {
                // once this JVM has the key, nothing is waited for
                app.call("lookAsNobody", verb).value();
                assertEquals(ALL + "ann", app.call(verb, "ann", verb).value());
                // the plain thread-local tells that it really runs elsewhere
                String item = "contended " + verb;
                assertEquals(ALL + "null", behind(other, app, item, verb, "ann", item), verb);
            }
        }
    }

    /** The agent's threads go from call to call. */
    @Test
    void nothingOfACallIsLeftForTheNext() {
        try (Program app = app();
                Program other = program(Locks.class).start()) {
            for (int i = 0; i < 3; i++) {
                String item = "item" + i;
                assertEquals(ALL + "null", behind(other, app, item, "lookAs", "ann", item));
                assertEquals(
                        "mdc null, security null, traced null, registered null, loader false, plain null",
                        behind(other, app, item + "b", "lookAsNobody", item + "b"));
            }
        }
    }

    @Test
    void aStoredCallTakesAlongTheMdcAndDoesNotStartTheLogging() {
        try (Program app = app()) {
            assertEquals("state 0", app.call("loggingAfterACall").value());
            for (String user : new String[] {"ann", "bob"}) {
                assertEquals(
                        "mdc " + user + ", security null, traced null, registered null, loader false, plain null",
                        app.call("lookLaterAs", user).value());
            }
        }
    }

    private static String behind(Program other, Program app, String item, String verb, String... arguments) {
        Program.Call inTheWay = other.begin("hold", item, "let go " + item);
        other.awaitSaid("holding " + item);
        Program.Call waiting = app.begin(verb, arguments);
        app.awaitSaid("asked " + item);
        other.go("let go " + item);
        assertEquals("held", inTheWay.reply().value());
        return waiting.reply().value();
    }

    private Program app() {
        return program(Contexts.class).with(ClassPath.folder("contexts")).start();
    }
}
