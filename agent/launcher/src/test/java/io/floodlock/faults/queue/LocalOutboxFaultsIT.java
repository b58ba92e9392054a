package io.floodlock.faults.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.faults.Ledger;
import io.floodlock.faults.OnNewestJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.app.PlainCalls;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Calls that are made in a transaction of plain JDBC are stored if and only if it commits, whenever a JVM is killed. */
@OnNewestJdk
class LocalOutboxFaultsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Parameter
    Jdk jdk;

    private RedisServer redis;
    private Ledger one;

    @BeforeEach
    void startServers() {
        redis = RedisServer.start();
        one = Servers.ledger();
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    @Test
    void killedBeforeTheCommit() {
        assertEquals(0, followersOfKilled("place"));
    }

    /** The control. */
    @Test
    void outsideTheTransactionTheCallStays() {
        assertEquals(1, followersOfKilled("placeUnprotected"));
    }

    private long followersOfKilled(String verb) {
        try (Program killed = app().start()) {
            killed.call("load").value();
            killed.begin(verb, "a", "gate");
            killed.awaitSaid("placed a");
            killed.jvm().kill();
        }
        try (Program other = app().start()) {
            other.call("load").value();
            other.call("call", "b").value();
            Await.until("a later call has run", LIMIT, () -> one.count("followed b") == 1);
            if (verb.equals("placeUnprotected")) {
                Await.until("it has run", LIMIT, () -> one.count("followed a") == 1);
            }
        }
        assertEquals(0, one.count("a"));
        return one.count("followed a");
    }

    /** The other JVM has made no call: its DataSource is all that it knows of the outbox. */
    @Test
    void killedAfterTheCommit() {
        try (Program killed = app().start()) {
            killed.call("load").value();
            killed.begin("place", "a", "gate");
            killed.awaitSaid("placed a");
            redis.pause();
            killed.go("gate");
            Await.until("it is committed", LIMIT, () -> one.count("a") == 1);
            killed.jvm().kill();
        }
        redis.resume();
        assertEquals(0, one.count("followed a"));
        try (Program other = app().start()) {
            other.call("load").value();
            Await.until("its call has run", LIMIT, () -> one.count("followed a") == 1);
            assertEquals(1, other.timesSaid("followed a"));
            Await.until(
                    "the outbox is empty",
                    LIMIT,
                    () -> one.query("SELECT queue FROM floodlock_outbox").isEmpty());
        }
    }

    @Test
    void aTransactionThatIsNotEndedIsNamed() {
        try (Program app = app().start()) {
            app.call("load").value();
            app.call("forget", "a").value();
            app.awaitLog("calls for queue plain", "made in a transaction is stalled", "end it");
            assertEquals(0, one.count("followed a"));
        }
    }

    private Program.Builder app() {
        return Program.of(PlainCalls.class)
                .jdk(jdk)
                .redis(redis.url())
                .database("one", one.url())
                .setting("lease", "1s");
    }
}
