package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.Jdks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What callers see of locks, with two JVMs on one Redis that lives. */
class LockEngineIT extends TwoJvms {

    private static final Duration LONG = TestJvm.LONG;
    private static final Duration SHORT = Duration.ofMillis(150);

    @Test
    void anExclusiveHolderKeepsOthersOutUntilItLeaves() {
        LockScope held = one.lock("k");
        assertSame(held, one.engine.current());
        FloodlockFailure refused = assertThrows(FloodlockFailure.class, () -> two.take(LockMode.EXCLUSIVE, SHORT, "k"));
        assertEquals(Failure.LOCK_TIMEOUT, refused.kind());
        assertThrows(FloodlockFailure.class, () -> two.take(LockMode.SHARED, SHORT, "k"));
        held.verify();
        held.close();
        assertNull(one.engine.current());
        two.lock("k").close();
    }

    @Test
    void aTimeoutNamesModeKeyTimeAndHolder() {
        try (TestScope held = new TestScope(one.lock("order:7"))) {
            long asked = System.nanoTime();
            String message =
                    failure(() -> two.take(LockMode.SHARED, SHORT, "order:7")).getMessage();
            long most = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
            for (String part : List.of(
                    "shared lock 'order:7'",
                    "test.Orders.place",
                    "application 'default' on ",
                    "pid " + ProcessHandle.current().pid(),
                    "thread " + Thread.currentThread().getName(),
                    "held exclusive",
                    "since 20")) {
                assertTrue(message.contains(part), () -> part + " is missing in: " + message);
            }
            Matcher waited = Pattern.compile("Waited (\\d+) ms for ").matcher(message);
            assertTrue(waited.find(), message);
            long millis = Long.parseLong(waited.group(1));
            assertTrue(SHORT.toMillis() <= millis && millis <= most, () -> message + ", within " + most + " ms");
            String local = CompletableFuture.supplyAsync(
                            () -> failure(() -> one.take(LockMode.EXCLUSIVE, SHORT, "order:7"))
                                    .getMessage())
                    .join();
            assertTrue(local.contains("this JVM"), local);
        }
    }

    @Test
    void sharedHoldersAreTogetherAndKeepWritersOut() {
        LockScope first = one.share("k");
        LockScope second = two.share("k");
        assertEquals(
                Failure.LOCK_TIMEOUT,
                failure(() -> inThread(() -> one.take(LockMode.EXCLUSIVE, SHORT, "k")))
                        .kind());
        first.close();
        assertEquals(
                Failure.LOCK_TIMEOUT,
                failure(() -> inThread(() -> one.take(LockMode.EXCLUSIVE, SHORT, "k")))
                        .kind());
        second.close();
        one.lock("k").close();
    }

    @Test
    void aWaitingWriterIsNotOvertakenByNewReaders() throws InterruptedException {
        LockScope reading = one.share("k");
        CountDownLatch wrote = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            LockScope scope = two.lock("k");
            wrote.countDown();
            scope.close();
        });
        writer.start();
        Await.until(() -> "the gate is closed for new readers", LONG, () -> {
            try {
                inThread(() -> one.take(LockMode.SHARED, Duration.ZERO, "k")).close();
                return false;
            } catch (FloodlockFailure e) {
                return e.kind() == Failure.LOCK_TIMEOUT;
            }
        });
        // but not for who reads already
        one.share("k").close();
        reading.close();
        wrote.await();
        inThread(() -> one.take(LockMode.SHARED, LONG, "k")).close();
        writer.join();
    }

    @Test
    void aCallThatDoesNotWaitIsRefusedAtOnceAndLeavesNothing() {
        try (TestScope held = new TestScope(one.lock("k"))) {
            FloodlockFailure refused = failure(() -> two.take(LockMode.EXCLUSIVE, Duration.ZERO, "k"));
            assertEquals(Failure.LOCK_TIMEOUT, refused.kind());
            assertTrue(refused.getMessage().startsWith("Refused the exclusive lock 'k'"), refused.getMessage());
            Await.until(() -> "its place in the queue is gone", LONG, () -> waiters("k") == 0);
            refused = failure(() -> inThread(() -> one.take(LockMode.EXCLUSIVE, Duration.ZERO, "k")));
            assertEquals(Failure.LOCK_TIMEOUT, refused.kind());
        }
        two.take(LockMode.EXCLUSIVE, Duration.ZERO, "free").close();
    }

    @Test
    void anInnerScopeReentersAndOnlyTheOuterOneFreesTheKey() {
        LockScope outer = one.lock("a", "b");
        LockScope inner = one.lock("b");
        assertEquals(outer.token("b"), inner.token("b"));
        assertEquals(inner.token(), inner.token("b"));
        assertThrows(IllegalStateException.class, outer::token);
        LockScope reading = one.share("a");
        reading.verify();
        reading.close();
        inner.close();
        assertEquals(
                Failure.LOCK_TIMEOUT,
                failure(() -> two.take(LockMode.EXCLUSIVE, SHORT, "b")).kind());
        outer.close();
        two.lock("a", "b").close();
    }

    @Test
    void sharedToExclusiveFailsAtOnceInsteadOfWaitingForItself() {
        try (TestScope held = new TestScope(one.share("k"))) {
            assertEquals(
                    Failure.LOCK_UPGRADE, failure(() -> one.lock("other", "k")).kind());
            two.take(LockMode.EXCLUSIVE, SHORT, "other").close();
        }
    }

    @Test
    void severalKeysAreTakenInOneOrderWithoutDeadlock() throws Exception {
        List<CompletableFuture<Void>> runs = List.of(
                run(() -> repeat(50, () -> one.lock("a", "b", "c").close())),
                run(() -> repeat(50, () -> two.lock("c", "b", "a").close())),
                run(() -> repeat(50, () -> one.lock("c", "a").close())),
                run(() -> repeat(50, () -> two.lock("b", "c").close())));
        CompletableFuture.allOf(runs.toArray(CompletableFuture[]::new)).get();
    }

    @Test
    void ofAKeyNamedTwiceTheStrongestModeWins() {
        LockScope scope = one.engine.acquire(
                List.of(new LockRequest("k", LockMode.SHARED), new LockRequest("k", LockMode.EXCLUSIVE)),
                new LockTerms(LONG, null, "test", false));
        assertEquals(
                Failure.LOCK_TIMEOUT,
                failure(() -> two.take(LockMode.SHARED, SHORT, "k")).kind());
        assertTrue(scope.token("k") > 0);
        scope.close();
    }

    @Test
    void onTimeoutOfOneKeyNoneStaysHeld() {
        try (TestScope held = new TestScope(one.lock("z"))) {
            assertEquals(
                    Failure.LOCK_TIMEOUT,
                    failure(() -> two.take(LockMode.EXCLUSIVE, SHORT, "a", "z")).kind());
            inThread(() -> one.take(LockMode.EXCLUSIVE, LONG, "a")).close();
        }
    }

    @Test
    void anInterruptEndsTheWaitAndStaysSet() throws Exception {
        try (TestScope held = new TestScope(one.lock("k"))) {
            AtomicReference<FloodlockFailure> seen = new AtomicReference<>();
            AtomicReference<Boolean> flag = new AtomicReference<>();
            Thread waiter = new Thread(() -> {
                seen.set(failure(() -> two.lock("k")));
                flag.set(Thread.currentThread().isInterrupted());
            });
            waiter.start();
            Await.until(() -> "it waits", LONG, () -> waiters("k") == 1);
            waiter.interrupt();
            waiter.join();
            assertEquals(Failure.LOCK_INTERRUPTED, seen.get().kind());
            assertTrue(flag.get());
            Await.until(() -> "its place in the queue is gone", LONG, () -> waiters("k") == 0);
        }
    }

    @Test
    void tokensGrowWithEveryHolderAlsoWithinAJvm() {
        long last = 0;
        for (int i = 0; i < 300; i++) {
            TestJvm jvm = i % 3 == 0 ? one : two;
            LockScope scope = jvm.lock("k");
            long token = scope.token("k");
            assertTrue(token > last, token + " after " + last);
            assertEquals(token, scope.token("k"));
            scope.close();
            last = token;
        }
        long nowMicros = System.currentTimeMillis() * 1000;
        assertTrue(Math.abs(nowMicros - last) < 60_000_000L, last + " is not the size of microseconds");
        one.engine.raiseTokens("k", last + 1_000_000_000_000L).join();
        LockScope raised = two.lock("k");
        assertEquals(last + 1_000_000_000_001L, raised.token("k"));
        raised.close();
        // past those that came with the grant and were not drawn, though the clock is far behind
        LockScope next = one.lock("k");
        assertEquals(last + 1_000_000_000_017L, next.token("k"));
        next.close();
    }

    @Test
    void localHandOffsDrawTokensInOrder() throws Exception {
        // threads queue up behind one holder, and so share its grant
        LockScope first = one.lock("k");
        List<Long> tokens = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
        tokens.add(first.token("k"));
        List<Thread> threads = new java.util.ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Thread thread = new Thread(() -> {
                LockScope scope = one.lock("k");
                tokens.add(scope.token("k"));
                scope.close();
            });
            threads.add(thread);
            thread.start();
        }
        first.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(101, tokens.size());
        for (int i = 1; i < tokens.size(); i++) {
            assertTrue(tokens.get(i) > tokens.get(i - 1), tokens.toString());
        }
    }

    @Test
    void aBusyJvmDoesNotStarveAnother() throws Exception {
        java.util.concurrent.atomic.AtomicBoolean stop = new java.util.concurrent.atomic.AtomicBoolean();
        List<CompletableFuture<Void>> busy = new java.util.ArrayList<>();
        for (int i = 0; i < 4; i++) {
            busy.add(run(() -> {
                while (!stop.get()) {
                    one.lock("hot").close();
                }
            }));
        }
        try {
            repeat(50, () -> two.lock("hot").close());
        } finally {
            stop.set(true);
        }
        CompletableFuture.allOf(busy.toArray(CompletableFuture[]::new)).get();
    }

    @Test
    void aMissedPushDelaysAndLosesNothing() throws Exception {
        LockScope held = one.lock("k");
        CompletableFuture<Void> waiting = run(() -> two.lock("k").close());
        Await.until(() -> "it waits", LONG, () -> waiters("k") == 1);
        server.cli("CLIENT", "KILL", "TYPE", "pubsub");
        held.close();
        waiting.get();
        LockScope again = one.lock("k");
        again.verify();
        again.close();
    }

    @Test
    void aCutConnectionIsComparedAndGoesOn() throws Exception {
        LockScope held = one.lock("k");
        server.cli("CLIENT", "KILL", "TYPE", "normal");
        Await.until(() -> "Redis is used again", LONG, () -> {
            try {
                inThread(() -> one.take(LockMode.EXCLUSIVE, LONG, "l")).close();
                return true;
            } catch (FloodlockFailure e) {
                return false;
            }
        });
        held.verify();
        CompletableFuture<Void> next = run(() -> one.lock("k").close());
        held.close();
        next.get();
    }

    @Test
    void waitingVirtualThreadsLeaveTheirOnlyCarrierToOthers() {
        Optional<Jdk> java25 = Jdks.java25();
        Assumptions.assumeTrue(java25.isPresent(), "no JDK 25 found: virtual threads are not tested");
        try (ForkedJvm jvm = ForkedJvm.main(ForkedVirtualThreads.class.getName())
                .jdk(java25.get())
                .jvmArgs("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1")
                .args(server.url())
                .start()) {
            jvm.awaitLine(line -> line.equals("counted 300"));
            assertEquals(0, jvm.awaitExit());
        }
    }

    @Test
    void aScopeIsNotInheritedByANewThread() {
        try (TestScope held = new TestScope(one.lock("k"))) {
            assertNull(CompletableFuture.supplyAsync(() -> one.engine.current()).join());
            assertEquals(
                    Failure.LOCK_TIMEOUT,
                    failure(() -> inThread(() -> one.take(LockMode.EXCLUSIVE, SHORT, "k")))
                            .kind());
        }
    }

    @Test
    void closingFreesEverythingAndWakesWhoWaits() throws Exception {
        one.lock("k", "l", "m");
        CompletableFuture<LockScope> waiting = CompletableFuture.supplyAsync(() -> two.lock("l"));
        Await.until(() -> "it waits", LONG, () -> waiters("l") == 1);
        one.engine.close();
        waiting.get();
        two.lock("k", "m").close();
        assertEquals(
                Failure.UNAVAILABLE,
                failure(() -> inThread(() -> one.lock("k"))).kind());
    }

    @Test
    void aDeadReaderDoesNotOutliveItsSession() {
        one.share("k");
        one.engine.close();
        two.lock("k").close();
    }

    @Test
    void anotherLayoutIsRefused() {
        one.lock("k").close();
        server.cli("SET", "floodlock:default:layout", "1 64");
        FloodlockFailure refused = failure(() -> two.take(LockMode.EXCLUSIVE, Duration.ZERO, "k"));
        assertEquals(Failure.UNAVAILABLE, refused.kind());
        assertTrue(refused.getMessage().contains("layout"), refused.getMessage());
    }

    @Test
    void worksOnAfterScriptsWereFlushed() {
        one.lock("k").close();
        server.cli("SCRIPT", "FLUSH");
        one.lock("k").close();
        two.lock("k").close();
    }

    @Test
    void nothingStaysBehindInTheJvmOrRedis() {
        for (int i = 0; i < 50; i++) {
            one.lock("k" + i, "l").close();
        }
        Await.until(() -> "only sessions are left: " + bucket(), LONG, () -> !bucket().contains("l:"));
        assertNotNull(server.cli("HGET", "floodlock:{default/0}:locks", "n"));
        assertFalse(bucket().contains("l:k1"));
    }

    private static String bucket() {
        return server.cli("HKEYS", "floodlock:{default/0}:locks");
    }

    private static int waiters(String name) {
        return TestJvm.waiting(name, server);
    }

    private static FloodlockFailure failure(Runnable action) {
        return assertThrows(FloodlockFailure.class, action::run);
    }

    private static LockScope inThread(java.util.function.Supplier<LockScope> action) {
        try {
            return CompletableFuture.supplyAsync(action).join();
        } catch (java.util.concurrent.CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    private static CompletableFuture<Void> run(Runnable action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        action.run();
                        done.complete(null);
                    } catch (Throwable t) {
                        done.completeExceptionally(t);
                    }
                })
                .start();
        return done;
    }

    private static void repeat(int times, Runnable action) {
        for (int i = 0; i < times; i++) {
            action.run();
        }
    }

    private record TestScope(LockScope scope) implements AutoCloseable {
        @Override
        public void close() {
            scope.close();
        }
    }
}
