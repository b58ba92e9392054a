package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.testkit.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What fenced scopes have databases know of them, with two JVMs on one Redis. */
class ClaimsIT extends TwoJvms {

    private static LockScope fenced(TestJvm jvm, LockMode mode, String... names) {
        return jvm.engine.acquire(
                TestJvm.requests(mode, names), new LockTerms(TestJvm.LONG, null, "test.Orders.place", true));
    }

    private static FenceClaim only(TestJvm jvm) {
        List<FenceClaim> claims = jvm.engine.claims();
        assertEquals(1, claims.size());
        return claims.get(0);
    }

    @Test
    void onlyFencedScopesClaimAndAClaimHasTheTokenThatTheMethodIsTold() {
        LockScope plain = one.lock("a");
        assertEquals(List.of(), one.engine.claims());
        LockScope scope = fenced(one, LockMode.EXCLUSIVE, "b");
        assertSame(one.engine.claims(), one.engine.claims());
        assertEquals(scope.token("b"), only(one).token());
        LockScope inner = fenced(one, LockMode.EXCLUSIVE, "a", "b");
        assertEquals(
                List.of("a", "b"),
                one.engine.claims().stream().map(FenceClaim::name).sorted().toList());
        inner.close();
        scope.close();
        plain.close();
        assertEquals(List.of(), one.engine.claims());
    }

    /** The reply to the request for a block may be there before whoever asked goes on. */
    @Test
    void manyKeysEachDrawAFirstBlock() {
        for (int i = 0; i < 2_000; i++) {
            long last = 0;
            for (int turn = 0; turn < 3; turn++) {
                LockScope scope = fenced(one, LockMode.EXCLUSIVE, "key" + i);
                long token = only(one).token();
                assertTrue(token > last, token + " after " + last);
                last = token;
                scope.close();
            }
        }
    }

    @Test
    void aHotKeyDoesNotAskRedisForEachToken() {
        long last = 0;
        int before = scripts();
        for (int i = 0; i < 5_000; i++) {
            LockScope scope = fenced(one, LockMode.EXCLUSIVE, "hot");
            long token = only(one).token();
            assertTrue(token > last, token + " after " + last);
            last = token;
            scope.close();
        }
        int calls = scripts() - before;
        assertTrue(calls < 100, calls + " scripts for 5000 sections");
    }

    @Test
    void whoReadsTogetherClaimsTheSameAndWhoeverWritesOrReadsLaterAnother() {
        LockScope first = fenced(one, LockMode.SHARED, "k");
        LockScope second = fenced(two, LockMode.SHARED, "k");
        long members = only(one).token();
        String owner = only(one).owner();
        assertEquals(members, only(two).token());
        assertEquals(owner, only(two).owner());
        first.close();
        second.close();

        LockScope writer = fenced(two, LockMode.EXCLUSIVE, "k");
        long writes = only(two).token();
        assertTrue(writes > members);
        assertNotEquals(owner, only(two).owner());
        writer.close();

        LockScope later = fenced(one, LockMode.SHARED, "k");
        assertTrue(only(one).token() > writes);
        later.close();
    }

    @Test
    void readersInsideAGrantThatTheJvmKeepsForItselfHaveOneTokenBetweenItsWriters() {
        LockScope writer = fenced(one, LockMode.EXCLUSIVE, "k");
        long before = only(one).token();
        writer.close();
        LockScope reader = fenced(one, LockMode.SHARED, "k");
        long read = only(one).token();
        Thread other = new Thread(() -> {
            LockScope beside = fenced(one, LockMode.SHARED, "k");
            assertEquals(read, only(one).token());
            beside.close();
        });
        AssertionError[] failed = new AssertionError[1];
        other.setUncaughtExceptionHandler((thread, e) -> failed[0] = new AssertionError(e));
        other.start();
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (failed[0] != null) {
            throw failed[0];
        }
        reader.close();
        LockScope next = fenced(one, LockMode.EXCLUSIVE, "k");
        assertTrue(before < read && read < only(one).token());
        next.close();
    }

    /** A database kept a token that Redis has forgotten. */
    @Test
    void whatADatabaseKnowsIsOutgrownByTheNextHolderInWhicheverJvm() {
        for (LockMode mode : LockMode.values()) {
            for (TestJvm next : List.of(one, two)) {
                LockScope scope = fenced(one, mode, "k" + mode);
                FenceClaim claim = only(one);
                long known = claim.token() + Duration.ofHours(1).toNanos() / 1000;
                assertTrue(claim.outgrown(known));
                scope.close();
                LockScope again = fenced(next, mode, "k" + mode);
                assertTrue(only(next).token() > known);
                again.close();
            }
        }
    }

    /** A hand-off to one who waits goes through the push, which tells the phase too. */
    @Test
    void aGrantThatWasWaitedForTellsItsPhase() throws Exception {
        LockScope writer = fenced(one, LockMode.EXCLUSIVE, "k");
        String[] owners = new String[1];
        Thread waiter = new Thread(() -> {
            LockScope scope = fenced(two, LockMode.SHARED, "k");
            owners[0] = only(two).owner();
            scope.close();
        });
        waiter.start();
        Await.until("it waits", TestJvm.LONG, () -> TestJvm.waiting("k", server) == 1);
        writer.close();
        waiter.join();
        assertTrue(owners[0].matches("\\S+\\.\\S+\\.\\d+"), owners[0]);
    }
}
