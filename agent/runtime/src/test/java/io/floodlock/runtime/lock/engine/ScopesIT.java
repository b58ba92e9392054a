package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.scope.Scope;
import io.floodlock.runtime.time.AgentScheduler;
import io.floodlock.runtime.time.Clock;
import io.floodlock.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** Scopes on the threads that enter them, inside each other, closed by anybody in any order. */
class ScopesIT extends TwoJvms {

    @Test
    void manyThreadsAreInOneScopeAtOnceAndEachRestoresWhatItHadBefore() throws Exception {
        LockScope scope = async("k");
        CountDownLatch inside = new CountDownLatch(3);
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(CompletableFuture.runAsync(
                    () -> {
                        LockScope mine =
                                one.lock("mine " + Thread.currentThread().getName());
                        LockScope.Entered entered = scope.enter();
                        inside.countDown();
                        await(inside);
                        assertSame(scope, one.engine.current());
                        one.lock("k").close();
                        one.engine.verifyCurrent();
                        entered.close();
                        assertSame(mine, one.engine.current());
                        entered.close();
                        assertSame(mine, one.engine.current());
                        mine.close();
                        assertNull(one.engine.current());
                    },
                    task -> new Thread(task).start()));
        }
        CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get();
        assertNull(one.engine.current());
        assertBusy(one, "k");
        scope.close();
        one.lock("k").close();
    }

    @Test
    void anotherThreadCannotTakeAScopeOffThisOne() {
        LockScope scope = async("k");
        LockScope.Entered entered = scope.enter();
        CompletableFuture.runAsync(entered::close).join();
        assertSame(scope, one.engine.current());
        entered.close();
        assertNull(one.engine.current());
        scope.close();
    }

    @Test
    void whatLiesBelowOnTheThreadIsReenteredToo() {
        LockScope below = one.lock("below");
        LockScope scope = asyncElsewhere("k");
        LockScope.Entered entered = scope.enter();
        // else this thread would wait for itself
        LockScope inner = one.lock("below", "k");
        entered.close();
        below.close();
        scope.close();
        assertBusy(two, "below");
        assertBusy(two, "k");
        inner.close();
        two.lock("below", "k").close();
    }

    @Test
    void anAsynchronousCallIsInsideTheScopeThatAskedForIt() {
        LockScope outer = one.lock("k");
        LockScope inner = async("l");
        CompletableFuture.runAsync(() -> {
                    LockScope.Entered entered = inner.enter();
                    one.lock("k").close();
                    entered.close();
                    assertBusy(one, "k");
                })
                .join();
        outer.close();
        CompletableFuture.runAsync(() -> {
                    LockScope.Entered entered = inner.enter();
                    assertThrows(IllegalStateException.class, () -> inner.token("k"));
                    // the outer one has ended: this is another hold
                    LockScope anew = one.lock("k");
                    assertBusy(two, "k");
                    anew.close();
                    entered.close();
                })
                .join();
        inner.close();
        two.lock("k", "l").close();
    }

    @Test
    void aReenteredKeyIsHeldUntilTheLastScopeThatReliesOnItIsClosed() {
        LockScope outer = async("k", "l");
        LockScope.Entered entered = outer.enter();
        LockScope first = async("k");
        LockScope second = async("k");
        entered.close();
        long token = outer.token("k");
        outer.close();
        two.lock("l").close();
        assertBusy(two, "k");
        second.close();
        second.close();
        assertBusy(two, "k");
        first.verify();
        assertEquals(token, first.token("k"));

        // a scope inside one that only re-entered it relies on it as well
        entered = first.enter();
        LockScope third = one.lock("k");
        entered.close();
        first.close();
        assertBusy(two, "k");
        third.close();
        LockScope next = two.lock("k");
        assertNotEquals(token, next.token("k"));
        next.close();
    }

    @Test
    void threadsMayCloseOutOfOrder() {
        LockScope outer = one.lock("k");
        LockScope inner = one.lock("k", "l");
        outer.close();
        assertSame(inner, one.engine.current());
        assertBusy(two, "k");
        inner.close();
        assertNull(one.engine.current());
        two.lock("k", "l").close();

        LockScope closedElsewhere = one.lock("k");
        CompletableFuture.runAsync(closedElsewhere::close).join();
        assertNull(one.engine.current());
        two.lock("k").close();
    }

    @Test
    void aClosedScopeOnAThreadIsNotReentered() {
        LockScope scope = async("k");
        LockScope.Entered entered = scope.enter();
        CompletableFuture.runAsync(scope::close).join();
        assertNull(one.engine.current());
        LockScope taken = two.lock("k");
        assertEquals(
                Failure.LOCK_TIMEOUT,
                assertThrows(FloodlockFailure.class, () -> one.take(LockMode.EXCLUSIVE, Duration.ZERO, "k"))
                        .kind());
        taken.close();
        assertThrows(IllegalStateException.class, scope::token);
        entered.close();
    }

    @Test
    void aLostScopeOnAThreadIsNotReentered() {
        LockScope scope = one.lock("k");
        server.cli("FLUSHALL");
        LockScope other = two.lock("k");
        Await.until(() -> "the loss is noticed", TestJvm.LONG, () -> {
            CompletableFuture.runAsync(() -> one.lock("another").close()).join();
            return assertLost(scope);
        });
        assertEquals(
                Failure.LOCK_TIMEOUT,
                assertThrows(FloodlockFailure.class, () -> one.take(LockMode.EXCLUSIVE, Duration.ZERO, "k"))
                        .kind());
        other.close();
        LockScope anew = one.lock("k");
        anew.verify();
        // what is done inside a lost scope is vetoed all the same
        assertThrows(FloodlockFailure.class, one.engine::verifyCurrent);
        scope.close();
        one.engine.verifyCurrent();
        anew.close();
    }

    private static boolean assertLost(LockScope scope) {
        try {
            scope.verify();
            return false;
        } catch (FloodlockFailure e) {
            assertEquals(Failure.LOCK_LOST, e.kind());
            return true;
        }
    }

    @Test
    void closingByManyThreadsAtOnceCountsOnce() throws Exception {
        for (int round = 0; round < 200; round++) {
            LockScope outer = async("k");
            LockScope.Entered entered = outer.enter();
            LockScope inner = async("k");
            entered.close();
            CyclicBarrier barrier = new CyclicBarrier(3);
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                threads.add(CompletableFuture.runAsync(
                        () -> {
                            await(barrier);
                            outer.close();
                        },
                        task -> new Thread(task).start()));
            }
            CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get();
            inner.verify();
            assertEquals(1, one.engine.keysInUse());
            inner.close();
            assertEquals(0, one.engine.keysInUse());
        }
    }

    @Test
    void aChainOfCallsThatOutliveEachOtherKeepsNone() {
        LockScope last = async("k");
        for (int i = 0; i < 5; i++) {
            LockScope.Entered entered = last.enter();
            LockScope next = async("k");
            entered.close();
            last.close();
            last = next;
        }
        LockScope.Entered entered = last.enter();
        LockScope inside = async("k");
        entered.close();
        assertSame(last, ((Scope) inside).outer());
        assertNull(((Scope) last).outer());
        last.close();
        assertBusy(two, "k");
        inside.close();
        two.lock("k").close();
    }

    @Test
    void shutdownWaitsForScopesOnNoThread() throws Exception {
        try (TestJvm jvm = new TestJvm(
                Map.of("redis", server.url(), "lease", "10s", "shutdown-wait", "1m"),
                Clock.SYSTEM,
                new AgentScheduler(),
                Events.NONE)) {
            Heard heard = new Heard();
            jvm.async(heard, "k");
            LockScope scope = heard.scope();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(jvm.engine::close);
            Await.until(() -> "it takes nothing more", TestJvm.LONG, () -> {
                Heard late = new Heard();
                LockEngine.Pending pending = jvm.async(late, "late");
                if (late.decided() && late.failureOrNull() != null) {
                    return true;
                }
                if (!pending.cancel()) {
                    late.close();
                }
                return false;
            });
            assertFalse(closing.isDone());
            scope.verify();
            assertBusy(two, "k");
            scope.close();
            closing.get();
        }
    }

    private LockScope async(String... names) {
        Heard heard = new Heard();
        one.async(heard, names);
        return heard.scope();
    }

    /** Inside no scope. */
    private LockScope asyncElsewhere(String... names) {
        return CompletableFuture.supplyAsync(() -> async(names)).join();
    }
}
