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
import io.floodlock.runtime.time.Clock;
import io.floodlock.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Keys that a JVM keeps though nobody in it uses them. */
class RetentionIT extends TwoJvms {

    private static final Duration LONG = TestJvm.LONG;

    private final ManualScheduler timer = new ManualScheduler();

    @Override
    TestJvm first() {
        // whose keys stay as long as the test doesn't let time pass
        return new TestJvm(server.url(), LEASE, Clock.SYSTEM, timer, Events.NONE);
    }

    @Test
    void aKeptKeyIsTakenAgainWithoutRedis() {
        one.lock("k").close();
        server.pause();
        try {
            for (int i = 0; i < 100; i++) {
                LockScope scope = one.take(LockMode.EXCLUSIVE, Duration.ZERO, "k");
                scope.verify();
                scope.close();
            }
        } finally {
            server.resume();
        }
    }

    @Test
    void anotherJvmGetsAKeptKeyAtOnceEvenIfItDoesNotWait() {
        one.lock("x", "y").close();
        two.take(LockMode.EXCLUSIVE, Duration.ZERO, "x").close();
        two.lock("y").close();
        one.share("s").close();
        two.take(LockMode.EXCLUSIVE, Duration.ZERO, "s").close();
    }

    /** By the holder's word: the timer, which would end the wait for it, stands still. */
    @Test
    void aKeyInUseRefusesOneThatDoesNotWaitAndSaysWhoHoldsIt() {
        LockScope held = two.lock("k");
        FloodlockFailure refused =
                assertThrows(FloodlockFailure.class, () -> one.take(LockMode.EXCLUSIVE, Duration.ZERO, "k"));
        assertEquals(Failure.LOCK_TIMEOUT, refused.kind());
        for (String part : new String[] {"Refused the exclusive lock 'k'", "pid ", "thread ", "since 20"}) {
            assertTrue(refused.getMessage().contains(part), refused::getMessage);
        }
        held.close();
    }

    @Test
    void whoLeavesAKeyThatOthersWereRefusedLeavesItFree() {
        try (TestJvm three = new TestJvm(server.url(), "10s")) {
            for (int i = 0; i < 200; i++) {
                LockScope held = two.lock("k");
                for (TestJvm other : List.of(three, three, one)) {
                    FloodlockFailure refused = assertThrows(
                            FloodlockFailure.class, () -> other.take(LockMode.EXCLUSIVE, Duration.ZERO, "k"));
                    assertEquals(Failure.LOCK_TIMEOUT, refused.kind());
                }
                held.close();
                // by the one whose wait for the holder's word has no end
                one.take(LockMode.EXCLUSIVE, Duration.ZERO, "k").close();
            }
        }
    }

    @Test
    void whoTriesAgainAndAgainSeldomReachesTheHolder() {
        LockScope held = two.lock("k");
        server.cli("CONFIG", "RESETSTAT");
        for (int i = 0; i < 50; i++) {
            FloodlockFailure refused =
                    assertThrows(FloodlockFailure.class, () -> one.take(LockMode.EXCLUSIVE, Duration.ZERO, "k"));
            assertEquals(Failure.LOCK_TIMEOUT, refused.kind());
        }
        int pushes = calls("publish");
        assertTrue(pushes < 50, () -> "pushes: " + pushes);
        int scripts = scripts();
        assertTrue(scripts < 90, () -> "scripts, where one each is enough: " + scripts);
        held.close();
    }

    @Test
    void whoTriesAgainAndAgainIsRefusedByWhatRedisSaysWithoutAScript() {
        LockScope held = two.lock("k");
        Await.until("refused without a script", LONG, () -> {
            server.cli("CONFIG", "RESETSTAT");
            FloodlockFailure refused =
                    assertThrows(FloodlockFailure.class, () -> one.take(LockMode.EXCLUSIVE, Duration.ZERO, "k"));
            assertEquals(Failure.LOCK_TIMEOUT, refused.kind());
            assertTrue(refused.getMessage().contains("held exclusive by application"), refused::getMessage);
            assertTrue(calls("hmget") > 0, "refused by what Redis hasn't been asked");
            return scripts() == 0;
        });
        held.close();
        one.take(LockMode.EXCLUSIVE, Duration.ZERO, "k").close();
    }

    @Test
    void whereJvmsAlternateNothingIsKept() {
        one.lock("k").close();
        two.lock("k").close();
        one.lock("k").close();
        Await.until(() -> "the key is given back", LONG, () -> !held("k"));
    }

    @Test
    void whatIsNotUsedGoesBackAfterASecond() {
        one.lock("k").close();
        assertTrue(held("k"));
        Await.until(() -> "the key is given back", LONG, () -> {
            timer.elapse(Duration.ofMillis(250));
            return !held("k");
        });
        Await.until(() -> "no visit is left", LONG, () -> {
            timer.elapse(Duration.ofMillis(250));
            return timer.pending() == 0;
        });
        assertEquals(0, one.engine.keysKnown());
    }

    @Test
    void closingFreesThousandsOfKeptKeysWithOneCallAndClearsThemByPortions() {
        int keys = 2_000;
        for (int i = 0; i < keys; i++) {
            one.lock("k" + i).close();
        }
        assertEquals(keys, one.engine.keysKnown());
        server.cli("CONFIG", "RESETSTAT");
        one.engine.close();
        int portions = keys / 16 + 1;
        assertTrue(scripts() < portions + 20, () -> "calls: " + scripts());
        assertEquals(0, calls("hset"), "nothing is written but what goes");
        two.take(LockMode.EXCLUSIVE, Duration.ZERO, "k0", "k" + (keys - 1)).close();
    }

    @Test
    void closingFreesKeptKeysThoughAnotherIsStillHeld() {
        LockScope held = one.lock("held");
        CompletableFuture.runAsync(() -> one.lock("kept").close()).join();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(one.engine::close);
        two.lock("kept").close();
        assertFalse(closing.isDone());
        held.verify();
        held.close();
        closing.join();
        two.take(LockMode.EXCLUSIVE, Duration.ZERO, "held").close();
    }

    @Test
    void freeingWhatIsIdleIsOneCallHoweverManyKeysThereAreAndLeavesTheRest() throws Exception {
        LockScope held = one.lock("held");
        LockScope alsoHeld = one.share("alsoHeld");
        int keys = 2_000;
        CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < keys; i++) {
                        one.lock("k" + i).close();
                    }
                })
                .join();
        CompletableFuture<LockScope> waiting = CompletableFuture.supplyAsync(() -> two.lock("k7", "held"));
        Await.until(() -> "it waits", LONG, () -> TestJvm.waiting("held", server) == 1);
        server.cli("CONFIG", "RESETSTAT");
        one.engine.freeIdle();
        assertTrue(scripts() < 20, () -> "calls: " + scripts());
        two.take(LockMode.EXCLUSIVE, Duration.ZERO, "k0", "k" + (keys - 1)).close();
        assertEquals(
                Failure.LOCK_TIMEOUT,
                assertThrows(FloodlockFailure.class, () -> two.take(LockMode.EXCLUSIVE, Duration.ZERO, "alsoHeld"))
                        .kind());
        // more may be taken, but nothing is kept
        CompletableFuture.runAsync(() -> one.lock("k1").close()).join();
        Await.until(() -> "what is taken later is not kept", LONG, () -> one.engine.keysKnown() == 2);
        held.verify();
        alsoHeld.verify();
        held.close();
        waiting.get().close();
        alsoHeld.close();
    }

    @Test
    void aKeptKeyIsLostWithItsSessionAndTakenAnew() {
        one.lock("k").close();
        server.cli("FLUSHALL");
        two.lock("k").close();
        Await.until(() -> "the old session is given up", LONG, () -> {
            try {
                one.take(LockMode.EXCLUSIVE, LONG, "another").close();
                return true;
            } catch (FloodlockFailure e) {
                return false;
            }
        });
        LockScope scope = one.lock("k");
        scope.verify();
        scope.close();
    }

    private static boolean held(String name) {
        return server.cli("HKEYS", "floodlock:{default/0}:locks").contains("l:" + name);
    }
}
