package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.time.Clock;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Acquisitions that no thread waits for: the same outcomes as of those where one does. */
class AsyncLockIT extends TwoJvms {

    private static final Duration LONG = TestJvm.LONG;

    @Test
    void theFirstOfAllConnectsWithoutBlockingAndIsOnNoThread() {
        Heard heard = new Heard();
        one.async(heard, "b", "a");
        LockScope scope = heard.scope();
        assertTrue(heard.thread.getName().startsWith("floodlock-async"), heard.thread::getName);
        assertNull(one.engine.current());
        scope.verify();
        assertTrue(scope.token("a") > 0);
        assertBusy(two, "a");
        assertBusy(two, "b");
        assertBusy(one, "b");
        scope.close();
        scope.close();
        two.lock("a", "b").close();
        assertEquals(1, heard.calls.get());
    }

    @Test
    void whatIsDecidedAtOnceIsToldOnTheCallingThread() {
        LockScope outer = one.lock("k");
        Heard reentered = new Heard();
        one.async(reentered, "k");
        assertSame(Thread.currentThread(), reentered.thread);
        reentered.scope().close();

        Heard upgraded = new Heard();
        LockScope reading = one.share("r");
        one.async(upgraded, "r");
        assertSame(Thread.currentThread(), upgraded.thread);
        assertEquals(Failure.LOCK_UPGRADE, upgraded.failureKind());
        reading.close();

        Heard refused = new Heard();
        CompletableFuture.runAsync(() -> one.async(refused, Duration.ZERO, "k")).join();
        assertTrue(refused.decided());
        assertEquals(Failure.LOCK_TIMEOUT, refused.failureKind());
        outer.close();
    }

    @Test
    void waitsForThreadsAndThreadsForIt() {
        LockScope held = one.lock("k");
        Heard here = new Heard();
        Heard there = new Heard();
        CompletableFuture.runAsync(() -> one.async(here, "k")).join();
        two.async(there, "k");
        assertFalse(here.decided());
        assertFalse(there.decided());
        held.close();
        here.scope().close();
        LockScope scope = there.scope();
        CompletableFuture<LockScope> thread = CompletableFuture.supplyAsync(() -> one.lock("k"));
        Await.until(() -> "it waits", LONG, () -> TestJvm.waiting("k", server) == 1);
        scope.close();
        thread.join().close();
    }

    @Test
    void listenersThatBlockDelayNobodyElse() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        List<Heard> last = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Heard heard = new Heard();
            LockScope held = one.lock("k" + i);
            CountDownLatch inside = new CountDownLatch(1);
            String name = "k" + i;
            CompletableFuture.runAsync(() -> one.engine.acquireAsync(
                            List.of(new LockRequest(name, LockMode.EXCLUSIVE)),
                            TestJvm.terms(LONG),
                            new Telling(heard, () -> {
                                inside.countDown();
                                await(gate);
                            })))
                    .join();
            held.close();
            inside.await();
            last.add(heard);
        }
        gate.countDown();
        last.forEach(heard -> heard.scope().close());
    }

    @Test
    void aDeadlineComesFromTheTimerAndLeavesNothing() {
        ManualScheduler timer = new ManualScheduler();
        try (TestJvm jvm = new TestJvm(server.url(), "10s", Clock.SYSTEM, timer, Events.NONE)) {
            LockScope held = two.lock("z");
            Heard heard = new Heard();
            jvm.lock("a").close();
            jvm.async(heard, Duration.ofHours(1), "a", "z");
            // its deadline; the driver, which begins with Redis's word that it waits; the visit to what is kept
            Await.until(() -> "it waits", LONG, () -> timer.pending() == 3);
            assertBusy(two, "a");
            timer.elapse(Duration.ofMinutes(59));
            assertFalse(heard.decided());
            timer.elapse(Duration.ofMinutes(2));
            FloodlockFailure failure = heard.failure();
            assertEquals(Failure.LOCK_TIMEOUT, failure.kind());
            for (String part : List.of("exclusive lock 'z'", "test.Orders.place", "pid ", "Waited ")) {
                assertTrue(failure.getMessage().contains(part), () -> part + " is missing in: " + failure);
            }
            Await.until(() -> "its place is gone", LONG, () -> TestJvm.waiting("z", server) == 0);
            two.lock("a").close();
            held.close();
        }
    }

    /** Whoever waits, one task of the timer looks after the key; when all word from Redis is lost, it is enough. */
    @Test
    void oneDriverRepeatsForAllWhoWait() {
        ManualScheduler timer = new ManualScheduler();
        try (TestJvm jvm = new TestJvm(server.url(), "10s", Clock.SYSTEM, timer, Events.NONE)) {
            jvm.lock("another").close();
            LockScope held = two.lock("k");
            List<Thread> threads = new ArrayList<>();
            List<Heard> requests = new ArrayList<>();
            List<LockEngine.Pending> pending = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Heard heard = new Heard();
                pending.add(jvm.async(heard, "k"));
                requests.add(heard);
                Thread thread = new Thread(() -> jvm.lock("k").close());
                thread.start();
                threads.add(thread);
            }
            Await.until(
                    () -> "all wait; tasks: " + timer.waiting(),
                    LONG,
                    () -> TestJvm.waiting("k", server) == 1
                            && threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING)
                            && timer.pending() == 20 + 2);
            // the one whose request is under way leaves; what Redis knows of the others goes unheard
            assertTrue(pending.remove(0).cancel());
            assertEquals(0, requests.remove(0).calls.get());
            server.cli("HDEL", "floodlock:{default/0}:locks", "l:k");
            assertTrue(requests.stream().noneMatch(Heard::decided));
            requests.forEach(request -> {
                Await.until(() -> "it gets its turn", LONG, () -> {
                    timer.elapse(Duration.ofMillis(50));
                    return request.decided();
                });
                request.scope().close();
            });
            Await.until(() -> "all threads had theirs", LONG, () -> {
                timer.elapse(Duration.ofMillis(50));
                return threads.stream().noneMatch(Thread::isAlive);
            });
            held.close();
            Await.until(() -> "nothing is left to do", LONG, () -> {
                timer.elapse(Duration.ofSeconds(1));
                return timer.pending() == 0;
            });
        }
    }

    @Test
    void aSilentRedisFailsItInTimeAndIsNotWaitedForByTheCaller() {
        ManualScheduler timer = new ManualScheduler();
        try (RedisServer own = RedisServer.start();
                TestJvm jvm = new TestJvm(own.url(), "10s", Clock.SYSTEM, timer, Events.NONE)) {
            own.pause();
            try {
                Heard heard = new Heard();
                jvm.async(heard, Duration.ZERO, "k");
                assertFalse(heard.decided());
                timer.elapse(Duration.ofMillis(4_999));
                assertFalse(heard.decided());
                timer.elapse(Duration.ofMillis(1));
                assertEquals(Failure.UNAVAILABLE, heard.failureKind());
                assertTrue(heard.failure().getMessage().contains("did not answer in time for the lock 'k'"));

                Heard cancelled = new Heard();
                assertTrue(jvm.async(cancelled, "k").cancel());
                timer.elapse(LONG);
                assertEquals(0, cancelled.calls.get());
            } finally {
                own.resume();
            }
            jvm.lock("k").close();

            own.pause();
            try {
                Heard connected = new Heard();
                jvm.async(connected, Duration.ZERO, "l");
                timer.elapse(Duration.ofMillis(2_500));
                assertFalse(connected.decided());
                timer.elapse(Duration.ofMillis(500));
                assertEquals(Failure.UNAVAILABLE, connected.failureKind());
            } finally {
                own.resume();
            }
        }
    }

    @Test
    void aDoubtfulSessionGrantsItOnceARenewalHasDecided() {
        JumpingClock clock = new JumpingClock();
        try (TestJvm jvm = new TestJvm(server.url(), "9s", clock, Events.NONE)) {
            LockScope reading = jvm.share("k");
            clock.jump(3_600_000);
            Heard heard = new Heard();
            CompletableFuture.runAsync(() ->
                            jvm.engine.acquireAsync(TestJvm.requests(LockMode.SHARED, "k"), TestJvm.terms(LONG), heard))
                    .join();
            LockScope scope = heard.scope();
            scope.verify();
            scope.close();
            reading.close();
        }
    }

    @Test
    void oneThatDoesNotWaitIsRefusedByAnotherJvm() {
        LockScope held = two.lock("k");
        Heard heard = new Heard();
        one.async(heard, Duration.ZERO, "k");
        FloodlockFailure failure = heard.failure();
        assertEquals(Failure.LOCK_TIMEOUT, failure.kind());
        assertTrue(failure.getMessage().startsWith("Refused the exclusive lock 'k'"), failure.getMessage());
        Await.until(() -> "its place is gone", LONG, () -> TestJvm.waiting("k", server) == 0);
        held.close();
        Heard free = new Heard();
        one.async(free, Duration.ZERO, "free");
        free.scope().close();
    }

    @Test
    void cancellingLeavesNothingHeldOrWanted() {
        LockScope held = two.lock("z");
        Heard heard = new Heard();
        one.lock("a").close();
        LockEngine.Pending pending = one.async(heard, "a", "z");
        Await.until(() -> "it waits", LONG, () -> TestJvm.waiting("z", server) == 1);
        assertTrue(pending.cancel());
        assertTrue(pending.cancel());
        Await.until(() -> "its place is gone", LONG, () -> TestJvm.waiting("z", server) == 0);
        two.lock("a").close();
        held.close();
        one.lock("z").close();
        assertEquals(0, heard.calls.get());

        Heard free = new Heard();
        pending = one.async(free, "free");
        LockScope scope = free.scope();
        assertFalse(pending.cancel());
        scope.verify();
        scope.close();
    }

    @Test
    void anUnreachableRedisFailsItWithItsReason() {
        try (RedisServer own = RedisServer.start();
                TestJvm jvm = new TestJvm(own.url(), "2s")) {
            own.kill();
            Heard atOnce = new Heard();
            jvm.async(atOnce, Duration.ZERO, "k");
            assertEquals(Failure.UNAVAILABLE, atOnce.failureKind());
            Heard later = new Heard();
            jvm.async(later, Duration.ofMillis(500), "k");
            assertEquals(Failure.UNAVAILABLE, later.failureKind());
            assertTrue(later.failure().getMessage().contains("127.0.0.1:" + own.port()), later.failure()::getMessage);

            Heard patient = new Heard();
            jvm.async(patient, "k");
            own.restart();
            LockScope held = patient.scope();
            own.kill();
            Heard another = new Heard();
            jvm.async(another, Duration.ofMillis(300), "another");
            FloodlockFailure failure = another.failure();
            assertEquals(Failure.UNAVAILABLE, failure.kind());
            assertTrue(failure.getMessage().contains("another"), failure::getMessage);
            Heard impatient = new Heard();
            jvm.async(impatient, Duration.ZERO, "another");
            assertEquals(Failure.UNAVAILABLE, impatient.failureKind());
            own.restart();
            held.close();
        }
    }

    @Test
    void closingTheEngineFailsWhoWaits() {
        LockScope held = two.lock("k");
        Heard waiting = new Heard();
        one.async(waiting, "k");
        Await.until(() -> "it waits", LONG, () -> TestJvm.waiting("k", server) == 1);
        one.engine.close();
        assertEquals(Failure.UNAVAILABLE, waiting.failureKind());
        assertTrue(waiting.failure().getMessage().contains("shutting down"), waiting.failure()::getMessage);
        Heard after = new Heard();
        one.async(after, "free");
        assertSame(Thread.currentThread(), after.thread);
        assertEquals(Failure.UNAVAILABLE, after.failureKind());
        held.close();
    }

    @Test
    void closingTheEngineFailsWhoWaitsForTheFirstConnection() {
        try (RedisServer own = RedisServer.start();
                TestJvm jvm = new TestJvm(own.url(), "2s")) {
            own.kill();
            Heard waiting = new Heard();
            jvm.async(waiting, Duration.ofHours(1), "k");
            jvm.engine.close();
            assertEquals(Failure.UNAVAILABLE, waiting.failureKind());
            assertTrue(waiting.failure().getMessage().contains("shutting down"), waiting.failure()::getMessage);
        }
    }

    @Test
    void itGoesOnUnderANewSessionWhereTheOldOneIsLost() {
        LockScope held = one.lock("k");
        Heard waiting = new Heard();
        CompletableFuture.runAsync(() -> one.async(waiting, "k")).join();
        server.cli("FLUSHALL");
        LockScope next = waiting.scope();
        next.verify();
        assertEquals(
                Failure.LOCK_LOST,
                assertThrows(FloodlockFailure.class, held::verify).kind());
        held.close();
        next.verify();
        next.close();
    }

    private record Telling(Heard heard, Runnable first) implements LockEngine.Listener {

        @Override
        public void acquired(LockScope scope) {
            first.run();
            heard.acquired(scope);
        }

        @Override
        public void failed(FloodlockFailure failure) {
            heard.failed(failure);
        }

        @Override
        public void expired() {
            heard.expired();
        }
    }
}
