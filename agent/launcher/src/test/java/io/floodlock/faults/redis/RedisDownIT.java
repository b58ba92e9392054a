package io.floodlock.faults.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.FloodlockUnavailableException;
import io.floodlock.LockLostException;
import io.floodlock.LockTimeoutException;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.Namespaces;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.app.Jobs;
import io.floodlock.faults.app.Locks;
import io.floodlock.faults.app.Transactions;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Redis goes and comes back: nothing runs unprotected meanwhile, and nothing needs a restart afterwards. */
@OnEachJdk
class RedisDownIT {

    private static Ledger ledger;
    private static Ledger second;

    @Parameter
    Jdk jdk;

    private final String namespace = Namespaces.next();
    private RedisServer redis;

    @BeforeAll
    static void startServers() {
        ledger = Servers.ledger();
        second = Servers.ledger();
    }

    @BeforeEach
    void startRedis() {
        redis = RedisServer.start("appendonly yes", "appendfsync always");
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    @Test
    void downAtTheFirstCallAndThenThere() {
        redis.kill();
        try (Program app = app(Locks.class).start()) {
            String address = "127.0.0.1:" + redis.port();
            app.call("lockBriefly", "a").threw(FloodlockUnavailableException.class, address, "Check that it runs");
            app.call("lockAtOnce", "a").threw(FloodlockUnavailableException.class, address);

            redis.restart();

            assertEquals("locked", app.call("lock", "a").value());
            assertEquals("shared", app.call("share", "a").value());
        }
    }

    @Test
    void queueDownAtTheFirstCallAndThenThere() {
        redis.kill();
        try (Program app = app(Jobs.class).start()) {
            app.call("storeBriefly", "before").threw(FloodlockUnavailableException.class, "127.0.0.1:" + redis.port());

            redis.restart();

            assertEquals("after done", app.call("run", "after").value());
            assertFalse(app.said("ran before"), "the caller was told that it is not stored");
        }
    }

    @Test
    void goneAndBackBetweenCalls() {
        try (Program locks = app(Locks.class).start();
                Program jobs = app(Jobs.class).start()) {
            assertEquals("locked", locks.call("lock", "a").value());
            assertEquals("1 done", jobs.call("run", "1").value());

            redis.kill();
            locks.call("lockBriefly", "b").threw(FloodlockUnavailableException.class);
            Program.Call waiting = locks.begin("lock", "c");
            Program.Call storing = jobs.begin("run", "2");
            redis.restart();

            assertEquals("locked", waiting.reply().value());
            assertEquals("locked", locks.call("lock", "a").value());
            assertEquals("2 done", storing.reply().value());
            assertEquals("3 done", jobs.call("run", "3").value());
        }
    }

    @Test
    void heldLockIsVetoedAfterItsDeadline() {
        try (Program app = app(Locks.class).start()) {
            Program.Call call = app.begin("writeUntilVetoed", "a", namespace, "give up");
            app.awaitSaid("writing " + namespace);

            redis.kill();

            call.reply().threw(LockLostException.class, "item:a");
            long written = ledger.count(namespace);
            assertTrue(
                    app.said("vetoed after " + written),
                    () -> written + " lines, but\n" + app.jvm().output());

            redis.restart();
            assertEquals("locked", app.call("lock", "a").value());
        }
    }

    /** The control: nobody vetoes without the agent. */
    @Test
    void unprotectedWriterIsNeverVetoed() {
        try (Program app = app(Locks.class).withoutAgent().start()) {
            redis.kill();
            Program.Call call = app.begin("writeUntilVetoed", "a", namespace, "give up");
            app.awaitSaid("writing " + namespace);
            app.go("give up");
            assertEquals("never vetoed", call.reply().value());
        }
    }

    /** A JVM that was stopped for longer than the lease finds its lock gone and its commit refused. */
    @Test
    void stoppedHolderIsVetoedWhenItGoesOn() {
        try (Program stopped = app(Locks.class).start();
                Program other = app(Locks.class).start()) {
            String stale = namespace + "-stale";
            Program.Call call = stopped.begin("write", "a", stale, "commit");
            stopped.awaitSaid("written " + stale);
            other.call("lock", "b").value();
            other.call("lockAtOnce", "a").threw(LockTimeoutException.class, "item:a");

            stopped.jvm().pause();
            assertEquals("locked", other.call("lock", "a").value());
            stopped.jvm().resume();
            stopped.go("commit");

            call.reply().threw(LockLostException.class, "item:a");
            assertEquals(0, ledger.count(stale));
            assertEquals("locked", stopped.call("lock", "a").value());
        }
    }

    @Test
    void lostLockHasNoToken() {
        try (Program stopped = app(Locks.class).start();
                Program other = app(Locks.class).start()) {
            Program.Call call = stopped.begin("token", "a", "ask");
            stopped.awaitSaid("holding a");

            stopped.jvm().pause();
            assertEquals("locked", other.call("lock", "a").value());
            stopped.jvm().resume();
            stopped.go("ask");

            call.reply().threw(LockLostException.class, "item:a");
            assertTrue(stopped.said("no token of a lost lock"), stopped.jvm()::output);
        }
    }

    /** The same over two databases: the decision is vetoed, so neither has the line and nothing stays prepared. */
    @Test
    void stoppedTransactionIsVetoedInEveryDatabase() {
        try (Program stopped = app(Transactions.class).start();
                Program other = app(Locks.class).start()) {
            Program.Call call = stopped.begin("bothHeld", namespace, "commit");
            stopped.awaitSaid("written " + namespace);

            stopped.jvm().pause();
            assertEquals("locked", other.call("lock", namespace).value());
            stopped.jvm().resume();
            stopped.go("commit");

            call.reply().threw(LockLostException.class, "item:" + namespace);
            assertEquals(0, ledger.count(namespace) + second.count(namespace));
            assertEquals(0, ledger.prepared().size() + second.prepared().size());
        }
    }

    /** The control: the stopped writer's line is committed after another had its turn. */
    @Test
    void unprotectedStoppedHolderCommits() {
        try (Program stopped = app(Locks.class).withoutAgent().start();
                Program other = app(Locks.class).withoutAgent().start()) {
            String stale = namespace + "-stale";
            Program.Call call = stopped.begin("write", "a", stale, "commit");
            stopped.awaitSaid("written " + stale);

            stopped.jvm().pause();
            assertEquals("locked", other.call("lockAtOnce", "a").value());
            stopped.jvm().resume();
            stopped.go("commit");

            assertEquals("committed", call.reply().value());
            assertEquals(1, ledger.count(stale));
        }
    }

    private Program.Builder app(Class<?> verbs) {
        return Program.of(verbs)
                .jdk(jdk)
                .redis(redis.url())
                .setting("namespace", namespace)
                .setting("lease", "1s")
                .database("one", ledger.url())
                .database("two", second.url());
    }
}
