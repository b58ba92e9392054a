package io.floodlock.faults.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.faults.ClassPath;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.JakartaQueued;
import io.floodlock.faults.app.PlainQueued;
import io.floodlock.faults.app.SpringQueued;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which object runs a stored call, and that the consumer's own call is recognised behind an application's interceptors:
 * no accepted call disappears, goes round, or runs around the interceptors without a word.
 */
@OnEachJdk
class QueuedTargetsIT extends SharedRedis {

    @Test
    void aClassAndItsSuperclassMayBothBeQueued() {
        try (Program app = program(PlainQueued.class).start()) {
            app.call("override", "a").value();
            app.awaitSaid("base a");
            app.call("override", "b").value();
            app.awaitSaid("base b");

            assertEquals(1, app.timesSaid("override a"));
            assertEquals(1, app.timesSaid("base a"));
        }
    }

    @Test
    void aJvmThatCanNotRunItsCallsSaysSoAndSaysWhenItCan() {
        try (Program app = program(PlainQueued.class).start()) {
            assertEquals("stored by the first of two", app.call("pair", "a").value());
            app.awaitLog("WARN", "PlainQueued$Pair.work in queue pair", "2 instances of ", "keep a single instance");
            assertFalse(app.said("pair a"));

            app.call("leaveOne").value();

            app.awaitSaid("pair a");
            app.awaitLog("Calls of ", "PlainQueued$Pair.work in queue pair run in this JVM now");
        }
    }

    @Test
    void aBeanOfCdiRunsItsCallsThoughNobodyHasUsedIt() {
        try (Program producer = program(JakartaQueued.class)
                        .with(ClassPath.folder("jakarta"))
                        .setting("queue.mode", "produce-only")
                        .start();
                Program consumer = program(JakartaQueued.class)
                        .with(ClassPath.folder("jakarta"))
                        .start()) {
            assertEquals("running true", consumer.call("load").value());
            assertEquals("proxy true", producer.call("note", "a").value());

            consumer.awaitSaid("noted a by CDI");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7})
    void aBeanBehindAJdkProxyRunsThroughItsInterceptors(int spring) {
        try (Program app = spring(spring).start()) {
            assertEquals("proxy true", app.call("send", "a").value());
            app.awaitSaid("sent a in a transaction true");
            app.call("sendAny", "b").value();
            app.awaitSaid("sent b in a transaction true");

            app.call("hidden", "c").value();

            app.awaitSaid("hid c in a transaction false");
            app.awaitLog("WARN", "Mail.hidden run without the interceptors of the bean 'mail'", "proxyTargetClass");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7})
    void anAsynchronousInterceptorRunsTheBodyOnceOrTheCallStops(int spring) {
        try (Program app = spring(spring).start()) {
            app.call("report", "a").value();
            app.awaitSaid("reported a");
            assertEquals("computed b", app.call("compute", "b").value());

            app.call("number", "7").value();
            app.awaitLog("Reports.number in queue reports wait in this JVM", "3 stored calls in a row", "@Async");

            assertFalse(app.said("numbered 7"));
            assertEquals(1, app.timesSaid("reported a"));
            // the next call may have been stored, and begun, before the third was over
            long dead = unreached(app);
            assertTrue(dead == 3 || dead == 4, dead + " calls became dead letters");
            // and the other methods of the bean go on
            app.call("report", "d").value();
            app.awaitSaid("reported d");
            assertEquals(dead, unreached(app));
        }
    }

    private static long unreached(Program app) {
        return app.jvm().lines().stream()
                .filter(line -> line.contains(" of number in queue reports becomes a dead letter"))
                .count();
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7})
    void aConsumersTransactionBeginsWhenTheLockIsHeld(int spring) {
        try (Program app = spring(spring).start()) {
            app.call("locked", "x").value();

            app.awaitSaid("wrote x in a transaction true");
            // the caller's, in which the call is stored, and the consumer's
            assertEquals(1, app.timesSaid("begun, locked false"));
            assertEquals(1, app.timesSaid("begun, locked true"));
        }
    }

    private Program.Builder spring(int version) {
        return program(SpringQueued.class).with(ClassPath.folder("spring-" + version));
    }
}
