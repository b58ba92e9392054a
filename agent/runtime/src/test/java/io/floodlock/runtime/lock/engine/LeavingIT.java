package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.time.Clock;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What JVMs leave in Redis when they end, or need it no more. */
@Timeout(60)
class LeavingIT {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String BUCKET = "floodlock:{default/0}:locks";
    private static final Set<String> NOTHING = Set.of("floodlock:default:layout", "floodlock:{default/0}:tokens");

    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void empty() {
        server.cli("FLUSHALL");
    }

    @Test
    void aJvmThatEndsInOrderLeavesNothing() {
        TestJvm jvm = jvm("10s");
        // held all at once, so that they become idle at once, however slow the machine is
        Deque<LockScope> held = new ArrayDeque<>();
        for (int i = 0; i < 3_000; i++) {
            held.push(jvm.lock("row" + i));
        }
        held.forEach(LockScope::close);
        assertTrue(fields() > 1_000, "most are kept for a moment");
        jvm.close();
        assertEquals(NOTHING, keys());
    }

    @Test
    void whatAnOtherWaitsForGoesToThatOneWhenAJvmEndsWithIt() {
        try (TestJvm other = jvm("60s")) {
            TestJvm ending = jvm("60s");
            ending.lock("held");
            CompletableFuture<LockScope> next = CompletableFuture.supplyAsync(() -> other.lock("held"));
            Await.until("the other waits", LONG, () -> TestJvm.waiting("held", server) == 1);
            ending.close();
            next.orTimeout(20, TimeUnit.SECONDS).join().close();
            Await.until("it has gone back", LONG, () -> TestJvm.holding("held", server) == 0);
        }
        Await.until(() -> "nothing is left: " + keys(), LONG, () -> keys().equals(NOTHING));
    }

    @Test
    void killedJvmsLeaveNothingThatOutlivesTheirLeases() {
        ForkedJvm killed = ForkedJvm.main(ForkedHolder.class.getName())
                .args(server.url(), "1s", "k")
                .start();
        try (killed) {
            killed.awaitLine(line -> line.startsWith("holds "));
            killed.kill();
        }
        Await.until(() -> "all is gone: " + keys(), LONG, () -> keys().equals(NOTHING));
    }

    @Test
    void whatAKilledJvmHeldIsSweptByOneThatLives() {
        try (TestJvm other = jvm("1s")) {
            LockScope used = other.lock("used");
            try (ForkedJvm killed = ForkedJvm.main(ForkedIdleKeys.class.getName())
                    .args(server.url(), "2000", "true", "1s")
                    .start()) {
                killed.awaitLine(line -> line.equals("ready"));
                assertTrue(fields() > 2_000);
                killed.kill();
            }
            Await.until(() -> "only its own are left: " + fields(), LONG, () -> fields() <= 5);
            used.verify();
            used.close();
        }
    }

    @Test
    void whoUsesABucketNoMoreLeavesItAndComesBack() {
        try (TestJvm jvm = jvm("1s")) {
            LockScope first = jvm.lock("k");
            long token = first.token();
            first.close();
            Await.until(() -> "the session has gone: " + keys(), LONG, () -> keys().equals(NOTHING));
            LockScope again = jvm.lock("k");
            assertTrue(again.token() > token);
            again.close();
        }
    }

    /** The control: who holds a key, or asks for one, stays. */
    @Test
    void whoHoldsOrWaitsStays() {
        try (TestJvm holder = jvm("1s");
                TestJvm waiting = jvm("1s")) {
            LockScope held = holder.lock("k");
            CompletableFuture<LockScope> next = CompletableFuture.supplyAsync(() -> waiting.lock("k"));
            Await.until("the other waits", LONG, () -> TestJvm.waiting("k", server) == 1);
            String before = sessions();
            long since = System.nanoTime();
            Await.until("longer than who is idle stays", LONG, () -> {
                held.verify();
                return System.nanoTime() - since > Duration.ofSeconds(6).toNanos();
            });
            assertEquals(before, sessions());
            held.close();
            next.orTimeout(20, TimeUnit.SECONDS).join().close();
        }
    }

    private static String sessions() {
        return String.join(
                " ",
                new TreeSet<>(server.cli("HKEYS", BUCKET)
                        .lines()
                        .filter(field -> field.startsWith("s:"))
                        .toList()));
    }

    private static Set<String> keys() {
        return new TreeSet<>(server.cli("KEYS", "*").lines().toList());
    }

    private static int fields() {
        return Integer.parseInt(server.cli("HLEN", BUCKET));
    }

    private static TestJvm jvm(String lease) {
        return new TestJvm(server.url(), lease, Clock.SYSTEM, Events.NONE);
    }
}
