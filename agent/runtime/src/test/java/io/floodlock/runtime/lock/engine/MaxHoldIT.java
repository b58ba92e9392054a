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
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.time.Clock;
import io.floodlock.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What holds for too long loses its keys; time passes when the test says so. */
class MaxHoldIT extends TwoJvms {

    private static final Duration LIMIT = Duration.ofMinutes(7);

    private final ManualScheduler timer = new ManualScheduler();
    private final List<String> lost = new CopyOnWriteArrayList<>();

    @Override
    TestJvm first() {
        Events events = new Events() {
            @Override
            public void lockLost(String name, String why) {
                lost.add(name + ": " + why);
            }
        };
        return new TestJvm(server.url(), LEASE, Clock.SYSTEM, timer, events);
    }

    @Test
    void aThreadThatHoldsForTooLongLosesItsKeys() {
        LockScope scope = acquire(LIMIT, "a", "b");
        timer.elapse(LIMIT.minusMillis(1));
        scope.verify();
        assertBusy("a");
        timer.elapse(Duration.ofMillis(1));
        assertLost(scope);
        assertEquals(
                Failure.LOCK_LOST,
                assertThrows(FloodlockFailure.class, one.engine::verifyCurrent).kind());
        assertThrows(FloodlockFailure.class, () -> scope.token("a"));
        LockScope next = two.lock("a", "b");
        Await.until(() -> "both are told: " + lost, TestJvm.LONG, () -> lost.size() == 2);
        for (String event : lost) {
            assertTrue(event.contains("maxHold = 420000 ms") && event.contains("test.Orders.place"), event);
        }
        // what it gives back now is not what another has taken since
        scope.close();
        next.verify();
        assertBusy(one, "a");
        next.close();
        one.lock("a").close();
    }

    /** The control: without it, a hung body holds. */
    @Test
    void withoutALimitItIsHeld() {
        LockScope scope = one.lock("k");
        timer.elapse(Duration.ofDays(7));
        scope.verify();
        assertBusy("k");
        scope.close();
    }

    @Test
    void theListenerOfAnAsynchronousScopeHearsIt() throws Exception {
        Heard heard = new Heard();
        async(heard, "k");
        LockScope scope = heard.scope();
        assertFalse(heard.expired.isDone());
        timer.elapse(LIMIT);
        heard.expired.get();
        assertLost(scope);
        two.lock("k").close();
        scope.close();
        timer.elapse(LIMIT);
        assertEquals(1, heard.calls.get());
    }

    @Test
    void whatIsClosedInTimeHearsNothing() {
        one.lock("k").close();
        int others = timer.pending();
        Heard heard = new Heard();
        async(heard, "k");
        assertEquals(others + 1, timer.pending());
        heard.scope().close();
        assertEquals(others, timer.pending());
        assertFalse(heard.expired.isDone());
        LockScope next = one.lock("k");
        timer.elapse(LIMIT);
        next.verify();
        assertFalse(heard.expired.isDone());
        next.close();
        assertEquals(List.of(), lost);
    }

    @Test
    void anInnerLimitFreesOnlyWhatTheInnerScopeTookItself() {
        LockScope outer = one.lock("k");
        LockScope inner = acquire(LIMIT, "k", "l");
        timer.elapse(LIMIT);
        assertLost(inner);
        outer.verify();
        assertThrows(FloodlockFailure.class, one.engine::verifyCurrent);
        assertBusy("k");
        two.lock("l").close();
        inner.close();
        one.engine.verifyCurrent();
        outer.close();
        two.lock("k").close();
    }

    @Test
    void anOuterLimitTakesTheKeyFromInnerScopesToo() {
        LockScope outer = acquire(LIMIT, "k");
        LockScope inner = one.lock("k");
        timer.elapse(LIMIT);
        assertLost(inner);
        assertLost(outer);
        LockScope next = two.lock("k");
        inner.close();
        outer.close();
        next.verify();
        next.close();
    }

    @Test
    void theLimitHoldsThoughOnlyInnerScopesAreLeft() {
        LockScope outer = acquire(LIMIT, "k");
        LockScope inner = one.lock("k");
        outer.close();
        inner.verify();
        assertBusy("k");
        timer.elapse(LIMIT);
        assertLost(inner);
        two.lock("k").close();
        inner.close();
    }

    /** Nobody who is lost is re-entered, and nobody waits for a key that nobody holds. */
    @Test
    void whatIsTakenInsideALostScopeIsTakenAnew() {
        LockScope outer = acquire(LIMIT, "k");
        timer.elapse(LIMIT);
        LockScope inner = one.lock("k");
        inner.verify();
        assertBusy("k");
        assertEquals(
                Failure.LOCK_LOST,
                assertThrows(FloodlockFailure.class, one.engine::verifyCurrent).kind());
        outer.close();
        assertBusy("k");
        one.engine.verifyCurrent();
        inner.close();
        two.lock("k").close();
    }

    private LockScope acquire(Duration maxHold, String... names) {
        return one.engine.acquire(
                TestJvm.requests(LockMode.EXCLUSIVE, names),
                new LockTerms(TestJvm.LONG, maxHold, "test.Orders.place", false));
    }

    private void async(Heard heard, String name) {
        one.engine.acquireAsync(
                TestJvm.requests(LockMode.EXCLUSIVE, name),
                new LockTerms(TestJvm.LONG, LIMIT, "test.Orders.place", false),
                heard);
    }

    private static void assertLost(LockScope scope) {
        FloodlockFailure failure = assertThrows(FloodlockFailure.class, scope::verify);
        assertEquals(Failure.LOCK_LOST, failure.kind());
        assertTrue(failure.getMessage().contains("maxHold = 420000 ms"), failure.getMessage());
    }
}
