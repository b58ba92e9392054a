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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** What is given back in an open transaction stays held until that has ended. */
class OpenTransactionIT extends TwoJvms {

    private static final Duration LIMIT = Duration.ofMinutes(7);

    private final ManualScheduler timer = new ManualScheduler();
    private final ScriptedTransactions transactions = new ScriptedTransactions();

    @Override
    TestJvm first() {
        Map<String, String> texts = Map.of("redis", server.url(), "lease", LEASE, "shutdown-wait", "1s");
        return new TestJvm(texts, transactions, Clock.SYSTEM, timer, Events.NONE);
    }

    @Test
    void isHeldUntilTheTransactionHasEnded() {
        var transaction = transactions.begin();
        one.lock("a").close();
        assertBusy("a");
        assertTrue(one.engine.around());
        transaction.end();
        assertFree("a");
        assertFalse(one.engine.around());
        // the control: nothing is kept where none is open
        one.lock("a").close();
        assertFree("a");
    }

    @Test
    void callsInItReenterHoweverManyTheyAre() {
        var transaction = transactions.begin();
        for (int i = 0; i < 10_000; i++) {
            one.lock("a", "b").close();
            one.share("b").close();
        }
        assertEquals(1, transaction.told());
        assertBusy("a");
        assertBusy("b");
        transaction.end();
        assertFree("a");
        assertFree("b");
    }

    @Test
    void aSharedLockThatItKeepsIsNotMadeExclusive() {
        var transaction = transactions.begin();
        one.share("a").close();
        assertEquals(
                Failure.LOCK_UPGRADE,
                assertThrows(FloodlockFailure.class, () -> one.lock("a")).kind());
        two.share("a").close();
        transaction.end();
        one.lock("a").close();
    }

    @Test
    void ofSeveralTransactionsTheLastFreesIt() {
        var first = transactions.begin();
        var second = transactions.begin();
        one.lock("a").close();
        first.end();
        assertBusy("a");
        second.end();
        assertFree("a");
    }

    @Test
    void aScopeAroundKeepsItLonger() {
        LockScope around = one.lock("a");
        var transaction = transactions.begin();
        one.lock("a").close();
        transaction.end();
        assertBusy("a");
        around.close();
        assertFree("a");
    }

    @Test
    void whoKnowsBetterReleasesAtOnce() {
        transactions.begin();
        one.lock("a").release();
        assertFree("a");
    }

    @Test
    void aTransactionInsideAnotherReentersWhatTheOuterKeeps() {
        var outer = transactions.begin();
        one.lock("a").close();
        transactions.setAside(outer);
        var inner = transactions.begin();
        one.lock("a").close();
        inner.end();
        assertBusy("a");
        transactions.enter(outer);
        one.lock("a").close();
        outer.end();
        assertFree("a");
    }

    @Test
    void itsKeysGoWithItToAnotherThread() {
        var transaction = transactions.begin();
        one.lock("a").close();
        CompletableFuture.runAsync(() -> {
                    transactions.enter(transaction);
                    one.lock("a").close();
                    one.engine.verifyCurrent();
                    transaction.end();
                    assertFree("a");
                })
                .join();
        // and are not taken for held by the thread that gave them
        assertFalse(one.engine.around());
        LockScope other = two.lock("a");
        assertEquals(
                Failure.LOCK_TIMEOUT,
                assertThrows(FloodlockFailure.class, () -> one.take(LockMode.EXCLUSIVE, Duration.ZERO, "a"))
                        .kind());
        other.close();
    }

    @Test
    void pastItsMaxHoldItIsLostAndTheCommitIsRefused() {
        var transaction = transactions.begin();
        one.engine
                .acquire(
                        TestJvm.requests(LockMode.EXCLUSIVE, "a"),
                        new LockTerms(TestJvm.LONG, LIMIT, "test.Orders.place", false))
                .close();
        transaction.beforeCommit();
        timer.elapse(LIMIT);
        assertFree("a");
        for (Runnable commit : List.<Runnable>of(one.engine::verifyCurrent, transaction::beforeCommit)) {
            FloodlockFailure lost = assertThrows(FloodlockFailure.class, commit::run);
            assertEquals(Failure.LOCK_LOST, lost.kind());
            assertTrue(lost.getMessage().contains("maxHold"), lost::getMessage);
        }
        // taken again in the same transaction, it does not make good what was lost
        one.lock("a").close();
        assertThrows(FloodlockFailure.class, transaction::beforeCommit);
        transaction.end();
        one.engine.verifyCurrent();
        assertFree("a");
    }

    @Test
    void anEndThatNobodyKnowsFreesItToo() {
        var transaction = transactions.begin();
        one.lock("a").close();
        transaction.end(false);
        assertFree("a");
    }

    @Test
    void inATransactionThatDoesNotTellOfItsEndTheCallFails() {
        var transaction = transactions.begin().silent();
        LockScope scope = one.lock("a");
        FloodlockFailure untold = assertThrows(FloodlockFailure.class, scope::close);
        assertEquals(Failure.LOCK_LOST, untold.kind());
        assertTrue(untold.getMessage().contains("does not report when it ends"), untold::getMessage);
        assertFree("a");
        assertFalse(one.engine.around());
        // others that do tell keep their own
        var told = transactions.begin();
        scope = one.lock("a");
        assertThrows(FloodlockFailure.class, scope::close);
        assertBusy("a");
        told.end();
        assertFree("a");
        // the control: once it is over there is nothing to tell
        transactions.setAside(transaction);
        one.lock("a").close();
    }

    @Test
    void whereItCannotBeToldWhetherOneIsOpenTheCallFails() {
        LockScope scope = one.lock("a");
        transactions.untold = new IllegalStateException("an interface has changed");
        FloodlockFailure untold = assertThrows(FloodlockFailure.class, scope::close);
        assertEquals(Failure.LOCK_LOST, untold.kind());
        assertTrue(untold.getMessage().contains("an interface has changed"), untold::getMessage);
        transactions.untold = null;
        assertFree("a");
        one.engine.verifyCurrent();
    }

    @Test
    void theEndOfTheJvmWaitsForItAndThenItIsLost() {
        transactions.begin();
        one.lock("a").close();
        one.engine.close();
        assertEquals(
                Failure.LOCK_LOST,
                assertThrows(FloodlockFailure.class, one.engine::verifyCurrent).kind());
        assertFree("a");
    }

    /** Whoever of the two comes first, the key is free in the end, and held until then by somebody. */
    @Test
    void theTransactionMayEndAsTheScopeIsClosed() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        for (int i = 0; i < 500; i++) {
            var transaction = transactions.begin();
            one.lock("seen").close();
            LockScope scope = one.lock("a");
            CompletableFuture<Void> ending = CompletableFuture.runAsync(() -> {
                await(both);
                transaction.end();
            });
            await(both);
            scope.close();
            ending.join();
            assertFalse(one.engine.around());
            one.engine
                    .acquire(TestJvm.requests(LockMode.EXCLUSIVE, "a", "seen"), TestJvm.terms(Duration.ZERO))
                    .close();
        }
        assertFree("a");
    }

    private void assertFree(String name) {
        // an idle holder on a busy machine may take longer to hand it over than a try at once waits
        two.lock(name).close();
    }
}
