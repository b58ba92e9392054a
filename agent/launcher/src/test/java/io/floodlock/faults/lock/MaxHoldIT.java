package io.floodlock.faults.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.LockLostException;
import io.floodlock.LockTimeoutException;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Locks;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A body that hangs in a healthy JVM. */
@OnEachJdk
class MaxHoldIT extends SharedRedis {

    private static Ledger ledger;

    @BeforeAll
    static void createDatabases() {
        ledger = Servers.ledger();
    }

    @Test
    void hungBodyLosesItsKeyAndItsCommit() {
        try (Program hung = app().start();
                Program other = app().start()) {
            Program.Call call = hung.begin("writeAtMost", "a", namespace, "commit");
            hung.awaitSaid("written " + namespace);

            assertEquals("locked", other.call("lock", "a").value());
            hung.awaitLog("WARN", "item:a", "Locks.writeAtMost", "maxHold = 500 ms");
            hung.go("commit");

            call.reply().threw(LockLostException.class, "item:a", "maxHold = 500 ms");
            assertEquals(0, ledger.count(namespace));
            assertEquals("locked", hung.call("lock", "a").value());
        }
    }

    /** The control: without the limit it holds, and commits. */
    @Test
    void withoutALimitItHolds() {
        try (Program hung = app().start();
                Program other = app().start()) {
            Program.Call call = hung.begin("write", "a", namespace, "commit");
            hung.awaitSaid("written " + namespace);

            other.call("lockBriefly", "a").threw(LockTimeoutException.class, "item:a");
            hung.go("commit");

            assertEquals("committed", call.reply().value());
            assertEquals(1, ledger.count(namespace));
        }
    }

    private Program.Builder app() {
        return program(Locks.class).database("one", ledger.url());
    }
}
