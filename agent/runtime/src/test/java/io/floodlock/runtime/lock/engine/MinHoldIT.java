package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.testkit.Await;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Keys that stay taken after their scope has ended. */
class MinHoldIT extends TwoJvms {

    private static final Duration LONG_HOLD = Duration.ofHours(1);

    /** Long enough for what a test does in it, on a slow machine too; where it is awaited the test takes as long. */
    private static final Duration SHORT_HOLD = Duration.ofSeconds(2);

    private static final String BUCKET = "floodlock:{default/0}:locks";

    @Test
    void theKeyStaysTakenAfterTheScopeHasEnded() {
        acquire(LONG_HOLD, "k").close();
        assertBusy("k");
        assertBusy(one, "k");
        FloodlockFailure here =
                assertThrows(FloodlockFailure.class, () -> one.take(LockMode.EXCLUSIVE, Duration.ZERO, "k"));
        assertTrue(here.getMessage().contains("test.Orders.place for its minHold of 3600000 ms"), here.getMessage());
        assertThrows(FloodlockFailure.class, () -> two.take(LockMode.SHARED, Duration.ZERO, "k"));
    }

    /** The control. */
    @Test
    void withoutItTheKeyIsFree() {
        one.lock("k").close();
        two.lock("k").close();
        one.lock("k").close();
    }

    @Test
    void whoWaitsGetsItWhenTheTimeIsOverAndNotBefore() {
        long before = System.nanoTime();
        LockScope scope = acquire(SHORT_HOLD, "k");
        CompletableFuture<LockScope> there = CompletableFuture.supplyAsync(() -> two.lock("k"));
        CompletableFuture<LockScope> here = CompletableFuture.supplyAsync(() -> one.lock("k"));
        scope.close();
        CompletableFuture.anyOf(there, here).join();
        long elapsed = System.nanoTime() - before;
        assertTrue(elapsed >= SHORT_HOLD.toNanos(), () -> elapsed + " ns");
        CompletableFuture.allOf(there.thenAccept(LockScope::close), here.thenAccept(LockScope::close))
                .join();
        assertSwept("k");
    }

    @Test
    void aScopeThatIsLongerHoldsAsLongAsItIs() {
        LockScope scope = acquire(Duration.ofMillis(1), "k");
        Await.until(() -> "only the scope's own hold counts", TestJvm.LONG, () -> holders("k") == 2 && expired());
        assertBusy("k");
        scope.verify();
        scope.close();
        two.lock("k").close();
        assertSwept("k");
    }

    @Test
    void itOutlivesItsJvm() {
        acquire(LONG_HOLD, "k").close();
        one.lock("other").close();
        one.close();
        two.lock("other").close();
        assertBusy("k");
    }

    @Test
    void itOutlivesASessionThatEndsWhileTheScopeIsOpen() {
        LockScope scope = acquire(LONG_HOLD, "k");
        server.cli("HDEL", BUCKET, sessionOf("k"));
        Await.until(() -> "the loss is noticed", TestJvm.LONG, () -> isLost(scope));
        scope.close();
        assertBusy("k");
        assertBusy(one, "k");
    }

    @Test
    void onlyKeysTakenExclusivelyStayTaken() {
        LockTerms terms = terms(LONG_HOLD);
        LockScope scope = one.engine.acquire(
                List.of(new LockRequest("x", LockMode.EXCLUSIVE), new LockRequest("s", LockMode.SHARED)), terms);
        scope.close();
        assertBusy("x");
        two.lock("s").close();
    }

    @Test
    void aKeyOfAScopeAroundIsKeptToo() {
        LockScope outer = one.lock("k");
        acquire(LONG_HOLD, "k").close();
        // the outer scope goes on with its key
        one.lock("k").close();
        outer.verify();
        outer.close();
        assertBusy("k");
        assertBusy(one, "k");
    }

    @Test
    void twiceInOneHoldItLastsUntilTheLaterTime() {
        LockScope outer = acquire(LONG_HOLD, "k");
        acquire(Duration.ofMillis(1), "k").close();
        assertEquals(2, holders("k"));
        outer.close();
        Await.until(() -> "the scopes' own hold is given back", TestJvm.LONG, () -> holders("k") == 1);
        assertBusy("k");
    }

    @Test
    void asynchronousScopesHaveItToo() {
        Heard heard = new Heard();
        one.engine.acquireAsync(TestJvm.requests(LockMode.EXCLUSIVE, "k", "l"), terms(LONG_HOLD), heard);
        heard.close();
        assertBusy("k");
        assertBusy(one, "l");
    }

    @Test
    void otherThreadsOfTheJvmDontPassTheKeyOn() {
        LockScope scope = acquire(LONG_HOLD, "k");
        CompletableFuture<Failure> waiting = CompletableFuture.supplyAsync(() -> assertThrows(
                        FloodlockFailure.class, () -> one.take(LockMode.EXCLUSIVE, Duration.ofSeconds(1), "k"))
                .kind());
        scope.close();
        assertEquals(Failure.LOCK_TIMEOUT, waiting.join());
    }

    private LockScope acquire(Duration minHold, String... names) {
        return one.engine.acquire(TestJvm.requests(LockMode.EXCLUSIVE, names), terms(minHold));
    }

    private static LockTerms terms(Duration minHold) {
        return new LockTerms(TestJvm.LONG, null, minHold, "test.Orders.place", false);
    }

    private static boolean isLost(LockScope scope) {
        try {
            scope.verify();
            return false;
        } catch (FloodlockFailure lost) {
            return true;
        }
    }

    private static int holders(String name) {
        return TestJvm.holding(name, server);
    }

    /** The field of the session that holds a key. */
    private static String sessionOf(String name) {
        return "s:" + eval("return cmsgpack.unpack(redis.call('HGET', KEYS[1], ARGV[1]))[1]", "l:" + name);
    }

    /** Whether the time of the only minimum hold is over. */
    private static boolean expired() {
        return eval(
                        "local t = redis.call('TIME') local now = t[1] * 1000000 + t[2] local all = redis.call('HGETALL', KEYS[1])"
                                + " for i = 1, #all, 2 do if string.find(all[i], '^s:.*%..*%.') then"
                                + " return cmsgpack.unpack(all[i + 1])[1] <= now and 1 or 0 end end return ARGV[1]",
                        "2")
                .equals("1");
    }

    /** Nothing is left of the minimum hold, once somebody has had the key after it. */
    private static void assertSwept(String name) {
        Await.until(
                () -> name + " is forgotten: " + server.cli("HKEYS", BUCKET),
                TestJvm.LONG,
                () -> Arrays.stream(server.cli("HKEYS", BUCKET).split("\\R"))
                        .noneMatch(field -> field.matches(".*[si]:[^.]*\\.[^.]*\\..*")));
    }

    private static String eval(String script, String argument) {
        return server.cli("EVAL", script, "1", BUCKET, argument).replaceAll("[\"\\r\\n]", "");
    }
}
