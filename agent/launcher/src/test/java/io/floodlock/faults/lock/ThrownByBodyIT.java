package io.floodlock.faults.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.RemoteBodyException;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Throwing;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a body throws reaches the caller: the same object where caller and body share a stack. */
@OnEachJdk
class ThrownByBodyIT extends SharedRedis {

    private static Ledger one;
    private static Ledger two;

    @BeforeAll
    static void createDatabases() {
        one = Servers.ledger();
        two = Servers.ledger();
    }

    @Test
    void exceptionsAreTheSameObjectsWithNothingAdded() {
        try (Program app = app().start()) {
            assertEquals("", app.call("locked").value());
            assertEquals("", app.call("shared").value());
            assertEquals("", app.call("transaction").value());
            assertEquals("", app.call("all").value());
        }
    }

    /** The transaction ended as its exception says, so what the caller sees is not all that was done with it. */
    @Test
    void transactionEndsAsTheExceptionSays() {
        long checked = one.count("checked");
        try (Program app = app().start()) {
            assertEquals("", app.call("transaction").value());
        }
        assertEquals(checked + 1, one.count("checked"), "a checked exception commits");
        assertEquals(one.count("checked"), two.count("checked"));
        assertEquals(0, one.count("unchecked") + two.count("unchecked"), "an unchecked one rolls back");
        assertEquals(0, one.count("error") + two.count("error"), "an error rolls back");
    }

    /** A queued body runs elsewhere, so its exception travels: its class does where both sides surely have it. */
    @Test
    void exceptionOfAQueuedBodyTravelsToTheFuture() {
        try (Program app = app().start()) {
            assertEquals("returned fine", app.call("queued", "fine").value());
            assertTravels(app, "declared", "java.io.IOException", "no such page");
            assertTravels(app, "unchecked", "java.lang.IllegalArgumentException", "no such colour");
            assertTravels(app, "own", RemoteBodyException.class.getName(), "OwnUnchecked", "no such thing");
        }
    }

    private static void assertTravels(Program app, String what, String wanted, String... parts) {
        String got = app.call("queued", what).value();
        assertTrue(got.startsWith(wanted + ": "), got);
        for (String part : parts) {
            assertTrue(got.contains(part), got);
        }
    }

    private Program.Builder app() {
        return program(Throwing.class).database("one", one.url()).database("two", two.url());
    }
}
