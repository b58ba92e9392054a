package io.floodlock.faults.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.RemoteBodyException;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.OnNewestJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.app.Recorded;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Bodies in a transaction of their own run once as far as databases show, whatever happens to the JVMs. */
@OnNewestJdk
class InboxFaultsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Parameter
    Jdk jdk;

    private RedisServer redis;
    private Ledger one;
    private Ledger two;

    @BeforeEach
    void startServers() {
        redis = RedisServer.start();
        one = Servers.ledger();
        two = Servers.ledger();
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    @Test
    void killedBetweenCommitAndProgress() {
        assertEquals(1, runKilled("once", "10s"));
        assertEquals(List.of(), one.query("SELECT gid FROM floodlock_tx WHERE state <> 'I'"));
    }

    @Test
    void killedAfterACommitInTwoDatabases() {
        assertEquals(1, runKilled("both", "10s"));
        assertEquals(1, two.count("both"));
    }

    /** The control. */
    @Test
    void withoutATransactionItRunsTwice() {
        assertEquals(2, runKilled("unprotected", "10s"));
    }

    /** Kills a consumer that has written, and could not tell Redis that; returns how often that was written in the end. */
    private long runKilled(String what, String lease) {
        try (Program producer = app(lease).setting("queue.mode", "produce-only").start()) {
            Program.Call call;
            try (Program consumer = app(lease).start()) {
                consumer.call("load").value();
                call = producer.begin("run", what, "gate");
                consumer.awaitSaid("running " + what);
                redis.pause();
                consumer.go("gate");
                Await.until(what + " is committed", LIMIT, () -> one.count(what) == 1);
                consumer.jvm().kill();
            }
            redis.resume();
            try (Program successor = app(lease).start()) {
                successor.call("load").value();
                // a successor that has not used both databases runs the body once more, and rolls it back
                boolean repeats = !what.equals("once");
                if (repeats) {
                    successor.awaitSaid("running " + what);
                    successor.go("gate");
                }
                assertEquals(what + " done", call.reply(LIMIT).value());
                assertEquals(repeats, successor.said("running " + what));
                return one.count(what);
            }
        }
    }

    @Test
    void anOwnerThatWasStoppedHasLostItsTransaction() {
        try (Program producer = app("2s").setting("queue.mode", "produce-only").start();
                Program stopped = app("2s").start()) {
            stopped.call("load").value();
            Program.Call call = producer.begin("run", "once", "gate");
            stopped.awaitSaid("running once");
            stopped.jvm().pause();
            try (Program successor = app("2s").start()) {
                successor.call("load").value();
                successor.awaitSaid("running once");
                successor.awaitLog("whose transactions belong to an earlier owner of the lane");
                stopped.jvm().resume();
                stopped.go("gate");
                successor.go("gate");
                assertEquals("once done", call.reply(LIMIT).value());
                producer.call("store", "later");
                Await.until("a later call has run", LIMIT, () -> one.count("later") == 1);
                assertEquals(1, one.count("once"));
            }
        }
    }

    @Test
    void anExceptionThatCommitsIsTheResult() {
        try (Program app = app("10s").start()) {
            app.call("load").value();
            app.call("run", "commits", "").threw(IOException.class, "sold out");
            assertEquals(1, one.count("commits"));
        }
    }

    @Test
    void aFutureThatHasFailedRollsBack() {
        try (Program app = app("10s").start()) {
            app.call("load").value();
            app.call("run", "fails", "").threw(IllegalStateException.class, "never");
            assertEquals(0, one.count("fails"));
        }
    }

    @Test
    void aFutureThatIsNotCompleteIsRefused() {
        try (Program app = app("10s").start()) {
            app.call("load").value();
            app.call("run", "unfinished", "").threw(RemoteBodyException.class, "returns a future that is complete");
            assertEquals(0, one.count("unfinished"));
        }
    }

    private Program.Builder app(String lease) {
        return Program.of(Recorded.class)
                .jdk(jdk)
                .redis(redis.url())
                .database("one", one.url())
                .database("two", two.url())
                .setting("queue.home", "one")
                .setting("lease", lease);
    }
}
