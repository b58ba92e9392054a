package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.time.Clock;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Redis at maxmemory: what is held stays held and ends as ever, what is new is refused by name, and all recovers. */
@Timeout(60)
class LockMemoryIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final String KEY = "floodlock:{default/0}:locks";
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void whatIsHeldStaysHeldAndIsGivenBackAtMaxmemory() {
        try (RedisServer server = RedisServer.start()) {
            holdAndGiveBack(server);
        }
    }

    /** From 7.0 on Redis words its refusal in another way. */
    @Test
    void theSameOnTheInstalledServer() {
        Path installed = RedisServer.onPath()
                .orElseGet(() -> Assumptions.abort("no redis-server on the PATH: only the testkit's version is tried"));
        try (RedisServer server = RedisServer.installed(installed)) {
            holdAndGiveBack(server);
        }
    }

    private static void holdAndGiveBack(RedisServer server) {
        try (TestJvm one = jvm(server);
                TestJvm two = jvm(server)) {
            two.lock("warm").close();
            LockScope held = one.lock("held");
            LockScope read = one.share("read");
            CompletableFuture<LockScope> next = CompletableFuture.supplyAsync(() -> two.lock("held"));
            Await.until("the other JVM waits", PATIENCE, () -> TestJvm.waiting("held", server) == 1);

            fill(server);
            assertTrue(
                    server.cli("EVAL", "return redis.call('HSET', KEYS[1], 'f', '1')", "1", "plain")
                            .contains("not allowed when used memory"),
                    "a script that only writes is refused");

            long full = System.nanoTime();
            Await.until("three leases pass", PATIENCE, () -> {
                held.verify();
                read.verify();
                return System.nanoTime() - full > 3 * LEASE.toNanos();
            });
            assertTrue(held.token() > 0);
            refused(two);
            held.close();
            LockScope passedOn = next.orTimeout(10, TimeUnit.SECONDS).join();
            passedOn.verify();
            assertBusy(one, "held");
            passedOn.close();
            read.close();
            Await.until("all is given back", PATIENCE, () -> fields("l:", server) == 0);

            server.cli("FLUSHALL");
            server.cli("CONFIG", "SET", "maxmemory", "0");
            Await.until("locks are taken again", PATIENCE, () -> {
                try {
                    two.take(LockMode.EXCLUSIVE, SHORT, "new").close();
                    return true;
                } catch (FloodlockFailure e) {
                    return false;
                }
            });
        }
    }

    @Test
    void aJvmThatEndsAtMaxmemoryFreesWhatItHolds() {
        try (RedisServer server = RedisServer.start();
                TestJvm other = jvm(server)) {
            TestJvm ending = jvm(server);
            ending.lock("held").close();
            LockScope used = ending.lock("used");
            CompletableFuture<LockScope> next = CompletableFuture.supplyAsync(() -> other.lock("used"));
            Await.until("the other JVM waits", PATIENCE, () -> TestJvm.waiting("used", server) == 1);
            fill(server);
            ending.engine.freeIdle();
            used.verify();
            used.close();
            next.orTimeout(10, TimeUnit.SECONDS).join().close();
            ending.close();
            assertEquals(1, fields("s:", server), "the other's session");
        }
    }

    /** How many fields of a kind the bucket has. */
    private static int fields(String kind, RedisServer server) {
        return Integer.parseInt(server.cli(
                "EVAL",
                "local n = 0 for _, f in ipairs(redis.call('HKEYS', KEYS[1])) do if string.sub(f, 1, 2) == ARGV[1] then"
                        + " n = n + 1 end end return n",
                "1",
                KEY,
                kind));
    }

    private static void refused(TestJvm jvm) {
        for (Duration waitTime : new Duration[] {Duration.ZERO, SHORT}) {
            FloodlockFailure failure =
                    assertThrows(FloodlockFailure.class, () -> jvm.take(LockMode.EXCLUSIVE, waitTime, "new"));
            assertEquals(Failure.UNAVAILABLE, failure.kind());
            assertTrue(failure.getMessage().contains("is at maxmemory"), failure.getMessage());
            assertTrue(failure.getMessage().contains("Raise maxmemory"), failure.getMessage());
        }
    }

    private static void assertBusy(TestJvm jvm, String name) {
        FloodlockFailure failure =
                assertThrows(FloodlockFailure.class, () -> jvm.take(LockMode.EXCLUSIVE, Duration.ZERO, name));
        assertTrue(
                failure.kind() == Failure.LOCK_TIMEOUT || failure.getMessage().contains("is at maxmemory"),
                failure.getMessage());
    }

    /** Any use is over one byte: a limit near the use would be passed again whenever a client's buffer is freed. */
    private static void fill(RedisServer server) {
        server.cli("CONFIG", "SET", "maxmemory", "1");
    }

    private static TestJvm jvm(RedisServer server) {
        return new TestJvm(server.url(), LEASE.toSeconds() + "s", Clock.SYSTEM, Events.NONE);
    }
}
