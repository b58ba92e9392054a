package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.lock.redis.LockScripts;
import io.floodlock.runtime.time.Clock;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks when JVMs or Redis die, stand still or forget. */
@Timeout(60)
class LockFaultIT {

    private static final Duration LONG = TestJvm.LONG;

    private RedisServer server;

    @BeforeEach
    void start() {
        server = RedisServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aKilledHoldersLockGoesToOthersAfterItsLease() {
        try (ForkedJvm holder = holder("1s");
                TestJvm other = new TestJvm(server.url(), "1s")) {
            long token = token(holder);
            assertEquals(
                    Failure.LOCK_TIMEOUT,
                    failure(() -> other.take(LockMode.EXCLUSIVE, Duration.ZERO, "k"))
                            .kind());
            holder.kill();
            LockScope scope = other.lock("k");
            assertTrue(scope.token() > token);
            scope.close();
        }
    }

    @Test
    void aHolderThatStoodStillLearnsThatItsLockIsLost() {
        try (ForkedJvm holder = holder("1s");
                TestJvm other = new TestJvm(server.url(), "1s")) {
            long token = token(holder);
            holder.send("verify");
            holder.awaitLine(line -> line.equals("verified"));
            holder.pause();
            LockScope scope = other.lock("k");
            assertTrue(scope.token() > token);
            holder.resume();
            holder.send("verify");
            holder.awaitLine(line -> line.equals("lock_lost"));
            holder.send("close");
            assertEquals(0, holder.awaitExit());
            // the stale holder's release must not free what another holds now
            scope.verify();
            try (TestJvm third = new TestJvm(server.url(), "1s")) {
                assertEquals(
                        Failure.LOCK_TIMEOUT,
                        failure(() -> third.take(LockMode.EXCLUSIVE, Duration.ZERO, "k"))
                                .kind());
            }
            scope.close();
        }
    }

    @Test
    void aWaiterThatDiesIsSkipped() {
        try (TestJvm first = new TestJvm(server.url(), "1s");
                TestJvm last = new TestJvm(server.url(), "1s")) {
            LockScope scope = first.lock("k");
            try (ForkedJvm waiter = holder("1s")) {
                Await.until(() -> "it waits", LONG, () -> TestJvm.waiting("k", server) == 1);
                waiter.kill();
            }
            scope.close();
            last.lock("k").close();
        }
    }

    @Test
    void anApplicationWhoseMainEndsExitsWhateverItHolds() {
        try (ForkedJvm holder = holder("10s")) {
            token(holder);
            holder.send("leave");
            assertEquals(0, holder.awaitExit(Duration.ofSeconds(20)));
        }
    }

    @Test
    void aRedisRestartedEmptyIsNoticedAndServesAgain() {
        List<String> lost = new CopyOnWriteArrayList<>();
        Events events = new Events() {
            @Override
            public void lockLost(String name, String why) {
                lost.add(name);
            }
        };
        try (TestJvm jvm = new TestJvm(server.url(), "6s", Clock.SYSTEM, events);
                TestJvm other = new TestJvm(server.url(), "6s")) {
            LockScope scope = jvm.lock("k");
            scope.verify();
            server.restart();
            Await.until(() -> "the loss is noticed", LONG, () -> lost.contains("k"));
            assertEquals(Failure.LOCK_LOST, failure(scope::verify).kind());
            assertEquals(Failure.LOCK_LOST, failure(jvm.engine::verifyCurrent).kind());
            scope.close();
            jvm.lock("k").close();
            other.lock("k").close();
        }
    }

    @Test
    void lostWritesOfALivingSessionAreNoticed() {
        try (TestJvm jvm = new TestJvm(server.url(), "10s")) {
            LockScope kept = jvm.lock("kept");
            String before = dump();
            LockScope scope = jvm.lock("k");
            // what a failover to a stale replica does: the session lives on, the hold is gone
            server.cli(
                    "EVAL",
                    "local s = redis.call('HGET', KEYS[2], ARGV[1]) redis.call('HSET', KEYS[1], ARGV[1], s) "
                            + "redis.call('HDEL', KEYS[1], 'l:k')",
                    "2",
                    "floodlock:{default/0}:locks",
                    "backup",
                    before);
            kept.verify();
            CompletableFuture.supplyAsync(() -> jvm.lock("another")).join();
            assertEquals(Failure.LOCK_LOST, failure(scope::verify).kind());
            assertEquals(Failure.LOCK_LOST, failure(kept::verify).kind());
        }
    }

    @Test
    void anUnreachableRedisFailsCallsWithinTheirWaitTimeAndRecovers() {
        server.kill();
        try (TestJvm jvm = new TestJvm(server.url(), "2s")) {
            FloodlockFailure failure = failure(() -> jvm.take(LockMode.EXCLUSIVE, Duration.ofMillis(500), "k"));
            assertEquals(Failure.UNAVAILABLE, failure.kind());
            assertTrue(failure.getMessage().contains("127.0.0.1:" + server.port()), failure.getMessage());
            assertEquals(
                    Failure.UNAVAILABLE,
                    failure(() -> jvm.take(LockMode.EXCLUSIVE, Duration.ZERO, "k"))
                            .kind());
            server.restart();
            jvm.lock("k").close();

            LockScope held = jvm.lock("held");
            server.kill();
            // until the local deadline the lock is held, then it is lost
            held.verify();
            assertEquals(
                    Failure.UNAVAILABLE,
                    failure(() -> jvm.take(LockMode.EXCLUSIVE, Duration.ofMillis(300), "another"))
                            .kind());
            Await.until(() -> "the lock is lost", LONG, () -> {
                try {
                    held.verify();
                    return false;
                } catch (FloodlockFailure e) {
                    return e.kind() == Failure.LOCK_LOST;
                }
            });
            server.restart();
            held.close();
            jvm.lock("held", "k").close();
        }
    }

    @Test
    void aRedisThatStandsStillIsUnavailableAndNotABusyLock() {
        try (TestJvm jvm = new TestJvm(server.url(), "10s")) {
            jvm.lock("k").close();
            server.pause();
            FloodlockFailure failure = failure(() -> jvm.take(LockMode.EXCLUSIVE, Duration.ofMillis(300), "l"));
            assertEquals(Failure.UNAVAILABLE, failure.kind());
            assertTrue(failure.getMessage().contains("did not answer"), failure.getMessage());
            server.resume();
            jvm.lock("l").close();
        }
    }

    @Test
    void aWaitOutlivesAShortOutage() throws Exception {
        server.kill();
        try (TestJvm jvm = new TestJvm(server.url(), "2s")) {
            CompletableFuture<Void> waiting =
                    CompletableFuture.runAsync(() -> jvm.lock("k").close());
            server.restart();
            waiting.get();
        }
    }

    @Test
    void scriptsThatRedisHasForgottenAreSentAgain() {
        try (TestJvm one = new TestJvm(server.url(), "10s");
                TestJvm two = new TestJvm(server.url(), "10s");
                Sections sections = new Sections("k", one, two)) {
            sections.awaitProgress();
            server.cli("CONFIG", "RESETSTAT");
            server.cli("SCRIPT", "FLUSH");
            sections.awaitProgress();
            String stats = server.cli("INFO", "commandstats");
            // one is the flush; Redisson loads what is missing
            assertFalse(stats.contains("cmdstat_script:calls=1,"), stats);
            sections.end();
        }
    }

    @Test
    void aWallClockJumpMakesLocalGrantsWaitForARenewalAndCommitsFail() {
        JumpingClock clock = new JumpingClock();
        try (TestJvm jvm = new TestJvm(server.url(), "9s", clock, Events.NONE)) {
            LockScope scope = jvm.lock("k");
            scope.verify();
            clock.jump(3_600_000);
            assertEquals(Failure.LOCK_LOST, failure(scope::verify).kind());
            // word given is kept, even though the lease turns out to stand
            LockScope next =
                    CompletableFuture.supplyAsync(() -> jvm.share("other")).join();
            assertEquals(Failure.LOCK_LOST, failure(scope::verify).kind());
            scope.close();
            jvm.lock("k").close();
            next.close();
        }
    }

    @Test
    void anOwnershipIsHeardToBeWantedAndLost() {
        AtomicInteger wanted = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        Ownership.Listener listener = new Ownership.Listener() {
            @Override
            public void lost() {
                lost.incrementAndGet();
            }

            @Override
            public void wanted() {
                wanted.incrementAndGet();
            }
        };
        try (TestJvm one = new TestJvm(server.url(), "3s");
                TestJvm two = new TestJvm(server.url(), "3s")) {
            Ownership lane = one.engine.tryOwn("lane", listener).orElseThrow();
            assertTrue(lane.held());
            assertEquals(Optional.empty(), two.engine.tryOwn("lane", listener));
            Await.until(() -> "the owner hears", LONG, () -> wanted.get() > 0);
            lane.release();
            lane.release();
            assertFalse(lane.held());
            Ownership[] taken = new Ownership[1];
            Await.until(() -> "the other owns it", LONG, () -> {
                two.engine.tryOwn("lane", listener).ifPresent(owned -> taken[0] = owned);
                return taken[0] != null;
            });
            assertTrue(taken[0].epoch() > lane.epoch());
            assertEquals(0, lost.get());
            server.restart();
            Await.until(() -> "the owner hears of the loss", LONG, () -> lost.get() > 0);
            assertFalse(taken[0].held());
            taken[0].release();
            assertEquals(1, lost.get());
        }
    }

    @Test
    void whatADeadJvmHeldIsClearedThoughNobodyWantsIt() {
        try (ForkedJvm holder = holder("1s");
                TestJvm other = new TestJvm(server.url(), "1s")) {
            token(holder);
            other.lock("other").close();
            assertEquals(1, TestJvm.holding("k", server));
            holder.kill();
            Await.until(
                    () -> "only sessions and the counter are left",
                    LONG,
                    () -> !server.cli("HKEYS", "floodlock:{default/0}:locks").contains("l:k"));
        }
    }

    @Test
    void aHoldNobodyKnowsIsGivenBackWhenAnotherWantsIt() {
        try (TestJvm one = new TestJvm(server.url(), "10s");
                TestJvm two = new TestJvm(server.url(), "10s")) {
            one.lock("other").close();
            String session = server.cli(
                    "EVAL",
                    "for _, f in ipairs(redis.call('HKEYS', KEYS[1])) do if string.sub(f, 1, 2) == 's:' then"
                            + " return string.sub(f, 3) end end",
                    "1",
                    "floodlock:{default/0}:locks");
            // a request of the first JVM that timed out there and ran here all the same
            server.cli(
                    "EVAL",
                    LockScripts.ACQUIRE.text(),
                    "3",
                    "floodlock:{default/0}:locks",
                    "floodlock:{default/0}:tokens",
                    "floodlock:{default/0}:sessions",
                    "floodlock:default:locks:",
                    "0",
                    session,
                    "777",
                    "k",
                    "x",
                    "nobody",
                    "1");
            assertEquals(1, TestJvm.holding("k", server));
            two.lock("k").close();
        }
    }

    private String dump() {
        server.cli("COPY", "floodlock:{default/0}:locks", "backup");
        return server.cli("HKEYS", "backup")
                .lines()
                .map(line -> line.replaceAll("^.*?(s:[0-9a-f.]+).*$", "$1"))
                .filter(line -> line.startsWith("s:"))
                .findFirst()
                .orElseThrow();
    }

    private ForkedJvm holder(String lease) {
        return ForkedJvm.main(ForkedHolder.class.getName())
                .args(server.url(), lease, "k")
                .start();
    }

    private static long token(ForkedJvm holder) {
        return Long.parseLong(
                holder.awaitLine(line -> line.startsWith("holds ")).substring("holds ".length()));
    }

    private static FloodlockFailure failure(Runnable action) {
        return assertThrows(FloodlockFailure.class, action::run);
    }
}
