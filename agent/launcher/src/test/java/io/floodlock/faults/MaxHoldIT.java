package io.floodlock.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.LockLostException;
import io.floodlock.LockTimeoutException;
import io.floodlock.faults.app.Locks;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** A body that hangs in a healthy JVM. */
@OnEachJdk
class MaxHoldIT {

    private static RedisServer redis;
    private static Ledger ledger;

    @Parameter
    Jdk jdk;

    private final String namespace = Namespaces.next();

    @BeforeAll
    static void startServers() {
        redis = RedisServer.start();
        ledger = Servers.ledger();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
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
        return Program.of(Locks.class)
                .jdk(jdk)
                .redis(redis.url())
                .setting("namespace", namespace)
                .database("one", ledger.url());
    }
}
