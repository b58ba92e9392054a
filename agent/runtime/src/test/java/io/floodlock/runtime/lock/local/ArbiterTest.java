package io.floodlock.runtime.lock.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bounds of barging and of a JVM's turn, on a clock that stands. */
class ArbiterTest {

    private static final Caller WHO = new Caller("t", "s");

    private long now = 1;
    private final Clock clock = new Clock() {
        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public long wallMillis() {
            return 0;
        }
    };
    private final Session session = new Session("s", clock, Duration.ofDays(1), new Session.Instant(1, 0));
    private final List<Waiter> woken = new ArrayList<>();
    private final List<Long> released = new ArrayList<>();
    private final Redis redis = new Redis();
    private final FastPath gate = new FastPath(clock);
    private final Arbiter arbiter = new Arbiter(redis, clock, gate);

    private static final class Party extends Waiter {
        private final boolean competes;

        Party(LockMode mode, boolean patient, boolean competes) {
            super(mode, patient, WHO, null);
            this.competes = competes;
        }

        @Override
        public boolean competes() {
            return competes;
        }

        @Override
        public void wake() {}
    }

    private final class Redis implements Arbiter.Outside {
        private long grants;

        @Override
        public PendingGrant newAsk(Waiter head) {
            return new PendingGrant(null, ++grants, head.mode, head.waits, head.who);
        }

        @Override
        public void send(PendingGrant ask) {
            ask.session = session;
        }

        @Override
        public void release(Session of, long grant) {
            released.add(grant);
        }

        @Override
        public void wake(Waiter waiter) {
            woken.add(waiter);
        }

        @Override
        public void leaseEnded(Session ended) {}

        @Override
        public void lost(LocalGrant hold, String why) {}

        @Override
        public void hurry() {}

        @Override
        public void notifyOwner(Holding entry) {}

        @Override
        public boolean keeps(LocalGrant hold) {
            return true;
        }
    }

    private Party enter(boolean competes) {
        return enter(LockMode.EXCLUSIVE, competes);
    }

    private Party enter(LockMode mode, boolean competes) {
        Party party = new Party(mode, true, competes);
        arbiter.enter(party);
        return party;
    }

    /** Somebody is inside, and the queue is empty. */
    private Party taken() {
        Party first = enter(true);
        arbiter.granted(1, false);
        assertEquals(Waiter.End.ENTERED, first.end());
        woken.clear();
        return first;
    }

    @Test
    void theHeadIsWokenAndPassedOverByAtMostTwoOrForTwentyMicroseconds() {
        Party first = taken();
        Party head = enter(true);
        assertFalse(head.ended());
        arbiter.leave(first.entry);
        assertEquals(List.of(head), woken);
        for (int i = 0; i < 5; i++) {
            Party barging = enter(true);
            assertTrue(barging.ended(), "20 us have not passed");
            arbiter.leave(barging.entry);
        }
        assertEquals(1, woken.size(), "it is on its way");
        now += FastPath.BARGE_NANOS;
        Party late = enter(true);
        assertEquals(Waiter.End.ENTERED, head.end());
        assertFalse(late.ended());
    }

    @Test
    void aRoundOfManyWhoWaitIsPassedOverForNoLongerThanOneOfThirtyTwo() {
        Party first = taken();
        Party head = enter(true);
        int waiting = 2 * FastPath.FULL_TURNS;
        for (int i = 1; i < waiting; i++) {
            assertFalse(enter(true).ended());
        }
        arbiter.leave(first.entry);
        for (int i = 0; i < FastPath.BARGES; i++) {
            assertTrue(leaveByGate(gate.enter(WHO, true)));
        }
        now += FastPath.BARGE_NANOS / 2 - 1;
        assertTrue(leaveByGate(gate.enter(WHO, true)), "its half of 20 us has not passed");
        now++;
        assertNull(gate.enter(WHO, true));
        assertFalse(enter(true).ended());
        assertEquals(Waiter.End.ENTERED, head.end());
    }

    @Test
    void twoMayPassHoweverLongTheyTake() {
        Party first = taken();
        Party head = enter(true);
        arbiter.leave(first.entry);
        for (int i = 0; i < FastPath.BARGES; i++) {
            Party barging = enter(true);
            assertTrue(barging.ended());
            now += 50 * FastPath.BARGE_NANOS;
            assertFalse(head.ended());
            arbiter.leave(barging.entry);
        }
        assertEquals(Waiter.End.ENTERED, head.end());
    }

    @Test
    void aHeadThatWentBackToSleepIsWokenAgain() {
        Party first = taken();
        Party head = enter(true);
        arbiter.leave(first.entry);
        Party barging = enter(true);
        arbiter.compete(head);
        assertFalse(head.ended());
        arbiter.sleep(head);
        arbiter.leave(barging.entry);
        assertEquals(List.of(head, head), woken);
        arbiter.compete(head);
        assertEquals(Waiter.End.ENTERED, head.end());
    }

    @Test
    void aHeadThatIsAwakeOrHasNoThreadIsGivenTheKey() {
        Party first = taken();
        Party head = enter(true);
        Party callback = enter(false);
        arbiter.leave(first.entry);
        Party barging = enter(true);
        arbiter.compete(head);
        arbiter.leave(barging.entry);
        assertEquals(Waiter.End.ENTERED, head.end());
        arbiter.leave(head.entry);
        assertEquals(Waiter.End.ENTERED, callback.end());
    }

    @Test
    void theNextIsWokenWhereTheHeadGivesUp() {
        Party first = taken();
        Party head = enter(true);
        Party next = enter(true);
        arbiter.leave(first.entry);
        arbiter.abandon(head, Waiter.End.TIMED_OUT);
        assertTrue(woken.contains(next));
        arbiter.compete(next);
        assertEquals(Waiter.End.ENTERED, next.end());
    }

    @Test
    void nobodyIsRefusedByAnEmptyRoom() {
        Party first = taken();
        enter(true);
        arbiter.leave(first.entry);
        Party trying = new Party(LockMode.EXCLUSIVE, false, false);
        arbiter.enter(trying);
        assertEquals(Waiter.End.ENTERED, trying.end());
    }

    @Test
    void aWriterIsFollowedByAllWhoWaitToReadAndTheyByTheNextWriter() {
        Party writing = taken();
        Party second = enter(false);
        Party reading = enter(LockMode.SHARED, false);
        Party third = enter(false);
        Party alsoReading = enter(LockMode.SHARED, false);
        arbiter.leave(writing.entry);
        assertEquals(List.of(true, true), List.of(reading.ended(), alsoReading.ended()));
        Party late = enter(LockMode.SHARED, false);
        arbiter.leave(reading.entry);
        assertFalse(second.ended() || late.ended());
        arbiter.leave(alsoReading.entry);
        assertEquals(Waiter.End.ENTERED, second.end());
        arbiter.leave(second.entry);
        assertTrue(late.ended());
        assertFalse(third.ended());
        arbiter.leave(late.entry);
        assertTrue(third.ended());
    }

    @Test
    void aWokenWriterThatReadersOvertakeIsWokenAgain() {
        Party writing = taken();
        Party second = enter(true);
        arbiter.leave(writing.entry);
        assertEquals(List.of(second), woken);
        Party barging = enter(true);
        Party reading = enter(LockMode.SHARED, true);
        arbiter.leave(barging.entry);
        assertEquals(Waiter.End.ENTERED, reading.end(), "whoever reads is let in at once");
        arbiter.compete(second);
        arbiter.sleep(second);
        Party late = enter(LockMode.SHARED, true);
        woken.clear();
        arbiter.leave(reading.entry);
        assertEquals(List.of(second), woken);
        assertFalse(enter(LockMode.SHARED, true).ended() || late.ended(), "nobody reads past a writer");
    }

    @Test
    void sixtyFourMoreMayEnterOnceAnotherJvmWaits() {
        Party inside = taken();
        arbiter.revocationRequested();
        for (int i = 0; i < LocalGrant.TURNS; i++) {
            inside = handOver(inside);
            assertNotNull(inside, "turn " + i);
        }
        assertNull(handOver(inside));
        assertEquals(2, arbiter.ask().grant, "the newer grant id gives the hold back and queues");
    }

    @Test
    void orForTenMilliseconds() {
        Party inside = taken();
        arbiter.revocationRequested();
        now += LocalGrant.TURN_NANOS - 1;
        inside = handOver(inside);
        assertNotNull(inside);
        arbiter.revocationRequested();
        now++;
        assertNull(handOver(inside));
        assertNotNull(arbiter.ask());
    }

    @Test
    void whatIsWantedAndUsedByNobodyGoesBackAtOnce() {
        Party inside = taken();
        arbiter.leave(inside.entry);
        assertEquals(List.of(), released);
        arbiter.revocationRequested();
        assertEquals(List.of(1L), released);
    }

    @Test
    void aSharedHoldLetsNobodyNewInOnceAnotherJvmWaits() {
        Party reading = new Party(LockMode.SHARED, true, true);
        arbiter.enter(reading);
        arbiter.granted(1, false);
        arbiter.revocationRequested();
        Party late = new Party(LockMode.SHARED, true, true);
        arbiter.enter(late);
        assertFalse(late.ended());
        arbiter.leave(reading.entry);
        assertFalse(late.ended());
        assertNotNull(arbiter.ask());
    }

    @Test
    void theGateIsOpenOnlyWhereNothingIsToBeDecided() {
        Party first = taken();
        assertTrue(leaveByGate(first.entry));
        Holding entry = gate.enter(WHO, true);
        assertNotNull(entry);
        assertNull(gate.enter(WHO, true));
        Party waiting = enter(true);
        assertFalse(waiting.ended());
        assertFalse(leaveByGate(entry), "somebody waits who is to be woken");
        arbiter.leave(entry);
        arbiter.compete(waiting);
        arbiter.revocationRequested();
        assertFalse(leaveByGate(waiting.entry), "another JVM waits");
    }

    @Test
    void aWokenHeadIsPassedOverByTheGateUntilItsTimeIsUp() {
        Party first = taken();
        Party head = enter(true);
        arbiter.leave(first.entry);
        for (int i = 0; i < 5; i++) {
            Holding passing = gate.enter(WHO, true);
            assertNotNull(passing);
            assertTrue(gate.taken());
            assertTrue(leaveByGate(passing));
        }
        assertTrue(gate.yields(head));
        Holding last = gate.enter(WHO, true);
        now += FastPath.BARGE_NANOS;
        assertFalse(gate.yields(head));
        assertNull(gate.enter(WHO, true));
        assertTrue(leaveByGate(last));
        assertNull(gate.enter(WHO, true), "whoever comes now goes by the mutex");
        Party late = enter(true);
        assertEquals(Waiter.End.ENTERED, head.end());
        assertFalse(late.ended());
        assertEquals(FastPath.BARGES, head.passed, "more are not counted");
    }

    @Test
    void aHeadWithoutAProcessorIsPassedOverNoLongerThanOneThatRuns() {
        Party first = taken();
        Party head = enter(true);
        arbiter.leave(first.entry);
        for (int i = 0; i < FastPath.BARGES; i++) {
            assertTrue(leaveByGate(gate.enter(WHO, true)));
        }
        now += FastPath.BARGE_NANOS - 1;
        assertTrue(leaveByGate(gate.enter(WHO, true)));
        now++;
        assertNull(gate.enter(WHO, true));
        Party late = enter(true);
        assertEquals(Waiter.End.ENTERED, head.end(), "given to it though it has not competed");
        assertFalse(late.ended());
    }

    @Test
    void whoArrivesWhileTheHeadIsPassedOverWaitsBehindItAndShutsNothingForGood() {
        Party first = taken();
        Party head = enter(true);
        arbiter.leave(first.entry);
        Holding passing = gate.enter(WHO, true);
        Party second = enter(true);
        assertFalse(second.ended());
        assertTrue(leaveByGate(passing), "the head may still be passed over");
        arbiter.compete(head);
        assertEquals(Waiter.End.ENTERED, head.end());
        assertFalse(leaveByGate(head.entry), "the second has not been woken");
        arbiter.leave(head.entry);
        assertTrue(woken.contains(second));
    }

    @Test
    void aGateOpenToPassOverIsShutWhereAnotherJvmWaits() {
        Party first = taken();
        Party head = enter(true);
        arbiter.leave(first.entry);
        arbiter.revocationRequested();
        assertNull(gate.enter(WHO, true));
        arbiter.compete(head);
        assertEquals(Waiter.End.ENTERED, head.end());
    }

    @Test
    void theGateLetsNobodyInPastTheLease() {
        Party first = taken();
        assertTrue(leaveByGate(first.entry));
        now += Duration.ofDays(1).toNanos();
        assertNull(gate.enter(WHO, true));
    }

    /** Its only user leaves. @return whether that was all, or the mutex must hear of it */
    private static boolean leaveByGate(Holding entry) {
        return !entry.drop();
    }

    /** Who is inside after the hand-over to a waiter that needs no waking; null if it may not enter. */
    private Party handOver(Party inside) {
        Party next = enter(false);
        arbiter.leave(inside.entry);
        return next.ended() ? next : null;
    }
}
