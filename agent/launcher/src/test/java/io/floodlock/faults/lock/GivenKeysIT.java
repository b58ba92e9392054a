package io.floodlock.faults.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.InvalidKeyException;
import io.floodlock.LockLostException;
import io.floodlock.LockTimeoutException;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Given;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code Floodlock.locked} and its longer forms: the annotations' guarantees for keys that a program gives. */
@OnEachJdk
class GivenKeysIT extends SharedRedis {

    @Test
    void aGivenKeyExcludesThatOfAnAnnotationInEveryJvm() {
        try (Program holder = program(Given.class).start();
                Program other = program(Given.class).start()) {
            // escaped alike
            Program.Call holding = holder.begin("hold", "a:b c", "go on");
            holder.awaitSaid("holding a:b c");
            for (Program app : new Program[] {holder, other}) {
                app.call("annotated", "a:b c").threw(LockTimeoutException.class, "given:a%3Ab%20c");
                assertEquals("busy", app.call("tryRun", "a%3Ab%20c").value());
                assertEquals("Optional.empty", app.call("tryCall", "a%3Ab%20c").value());
                app.call("tryRefusedInside", "a%3Ab%20c").threw(LockTimeoutException.class);
                app.call("shareAtOnce", "a%3Ab%20c").threw(LockTimeoutException.class);
                // the control: another text
                assertEquals("locked", app.call("lockAtOnce", "a:b c").value());
            }
            String refusal = other.call("timeout", "a%3Ab%20c").value();
            assertTrue(refusal.contains("at io.floodlock.faults.app.Given (Floodlock.locked)"), refusal);
            assertTrue(refusal.contains("in io.floodlock.faults.app.Given (Floodlock.locked), since"), refusal);
            assertFalse(other.said("ran a%3Ab%20c"));
            holder.go("go on");
            assertEquals("held", holding.reply().value());
            assertEquals("locked", other.call("annotated", "a:b c").value());
            assertEquals("ran", other.call("tryRun", "a%3Ab%20c").value());
            assertEquals("Optional[called]", other.call("tryCall", "a%3Ab%20c").value());
        }
    }

    @Test
    void modesSeveralKeysReentryAndTokensAreThoseOfTheAnnotations() {
        try (Program holder = program(Given.class).start();
                Program other = program(Given.class).start()) {
            assertEquals("re-entered", holder.call("annotatedAround", "r").value());
            Program.Call sharing = holder.begin("share", "s", "go on");
            holder.awaitSaid("sharing s");
            assertEquals("shared", other.call("shareAtOnce", "s").value());
            other.call("lockAtOnce", "s").threw(LockTimeoutException.class, "held shared");
            other.call("several", "a,s").threw(LockTimeoutException.class, "given:s");
            assertEquals("locked", other.call("lockAtOnce", "a").value());
            holder.go("go on");
            assertEquals("shared", sharing.reply().value());
            long first = Long.parseLong(other.call("several", "s,a,s").value());
            long second = Long.parseLong(holder.call("several", "a,s").value());
            assertTrue(first < second, () -> first + " before " + second);
            assertEquals("true", holder.call("once", "o").value());
            assertEquals("false", holder.call("once", "o").value());
            assertEquals("false", other.call("once", "o").value());
        }
    }

    @Test
    void whatTheBodyThrowsIsUnchangedAndWhatIsNoKeyIsSaid() {
        try (Program app = program(Given.class).start()) {
            app.call("throwing", "a").threw(IOException.class, "of the body");
            assertEquals("locked", app.call("lockAtOnce", "a").value());
            app.call("invalid", "null").threw(InvalidKeyException.class, "is null", "Given (Floodlock.locked)");
            app.call("invalid", "blank").threw(InvalidKeyException.class, "is blank");
            app.call("invalid", "none").threw(InvalidKeyException.class, "give at least one");
            app.call("invalid", "long").threw(InvalidKeyException.class, "1001 characters");
            app.call("invalid", "surrogate").threw(InvalidKeyException.class, "position 2");
            app.call("invalid", "values").threw(InvalidKeyException.class, "a:{}:{}", "2 times", "1 values");
            app.call("invalid", "path").threw(InvalidKeyException.class, "a:{id}", "position 3");
            app.call("invalid", "minHold").threw(IllegalArgumentException.class, "PT2S", "PT1S");
            app.call("invalid", "waitTime").threw(IllegalArgumentException.class, "PT-1S");
            app.call("keyOfNothing").threw(InvalidKeyException.class, "is null");
            assertEquals("a:%7B%2C", app.call("key", "a:{}", "{,").value());
            assertEquals("{a}:1", app.call("key", "{{a}}:{}", "1").value());
        }
    }

    @Test
    void workThatGoesOnAfterTheBodyKeepsTheKeysOrFails() {
        try (Program app = program(Given.class).start()) {
            Program.Call working = app.begin("stage", "a", "complete");
            app.awaitSaid("returned a");
            app.call("lockAtOnce", "a").threw(LockTimeoutException.class, "given:a");
            app.go("complete");
            assertEquals("done", working.reply().value());
            assertEquals("locked", app.call("lockAtOnce", "a").value());
            app.call("future", "a").threw(LockLostException.class, "FutureTask", "Given (Floodlock.locked)");
        }
    }

    @Test
    void transactionsKeepTheKeysAndWhatIsLostIsNotCommitted() {
        Ledger ledger = Servers.ledger();
        try (Program app = program(Given.class).database("one", ledger.url()).start();
                Program other = program(Given.class).start()) {
            Program.Call writing = app.begin("writeInTransaction", "a", namespace, "commit");
            app.awaitSaid("written " + namespace);
            other.call("lockAtOnce", "a").threw(LockTimeoutException.class, "given:a");
            app.go("commit");
            assertEquals("committed", writing.reply().value());
            assertEquals("locked", other.call("lockAtOnce", "a").value());
            assertEquals(1, ledger.count(namespace));

            String late = namespace + " late";
            Program.Call hung = app.begin("writeAtMost", "b", late, "late");
            app.awaitLog("WARN", "given:b", "maxHold = 500 ms");
            app.go("late");
            hung.reply().threw(LockLostException.class, "given:b", "maxHold");
            assertEquals(0, ledger.count(late));

            assertEquals(
                    "written",
                    app.call("writeFenced", "c", namespace + " fenced").value());
            assertNotEquals(0, ledger.count(namespace + " fenced"));
        }
    }

    @Test
    void withoutTheAgentNothingIsRun() {
        try (Program app = Program.of(Given.class).jdk(jdk).withoutAgent().start()) {
            app.call("lockAtOnce", "a").threw(IllegalStateException.class, "nothing was run", "-javaagent:");
            app.call("tryRun", "a").threw(IllegalStateException.class, "nothing was run");
            app.call("key", "a:{}", "1").threw(IllegalStateException.class, "-javaagent:");
            assertFalse(app.said("ran a"));
        }
    }
}
