package io.floodlock.runtime.lock.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.lock.store.GrantReply.Busy;
import io.floodlock.runtime.lock.store.GrantReply.Granted;
import io.floodlock.runtime.lock.store.GrantReply.Overtaken;
import io.floodlock.runtime.lock.store.GrantReply.Queued;
import io.floodlock.testkit.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store must keep of {@link LockStore}'s contract. */
public abstract class LockStoreContract {

    static final Duration PATIENCE = StoreJvm.PATIENCE;

    private StoreJvm one;
    private StoreJvm two;

    /** Each store that it opens is another JVM's, in one namespace that is empty when a test begins. */
    public abstract LockStore.Factory stores();

    @BeforeEach
    void open() {
        one = new StoreJvm(stores());
        two = new StoreJvm(stores());
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        storesClosed();
    }

    /** Closes what the stores of one test have used. */
    public abstract void storesClosed();

    // ---- grant ids

    @Test
    void aRequestThatIsRepeatedIsAnsweredAsBefore() {
        StoreJvm.Request request = one.exclusive("a");
        Granted granted = one.granted(request);
        assertEquals(granted, one.ask(request));
        StoreJvm.Request behind = two.exclusive("a");
        assertInstanceOf(Queued.class, two.ask(behind));
        assertInstanceOf(Queued.class, two.ask(behind));
        one.release(request);
        assertEquals(
                two.pushed(behind).token(),
                assertInstanceOf(Granted.class, two.ask(behind)).token());
    }

    @Test
    void aReleaseThatIsRepeatedFreesNothingElse() {
        StoreJvm.Request first = one.exclusive("a");
        one.granted(first);
        one.release(first);
        StoreJvm.Request second = one.exclusive("a");
        one.granted(second);
        one.release(first);
        assertInstanceOf(Queued.class, two.ask(two.exclusive("a")));
    }

    @Test
    void anEarlierGrantIsOvertaken() {
        StoreJvm.Request early = one.exclusive("a");
        StoreJvm.Request late = one.exclusive("a");
        Granted granted = one.granted(late);
        assertInstanceOf(Overtaken.class, one.ask(early));
        assertEquals(granted, one.ask(late));
    }

    @Test
    void aLaterGrantGivesTheEarlierBack() {
        StoreJvm.Request shared = one.shared("a");
        one.granted(shared);
        StoreJvm.Request exclusive = one.exclusive("a");
        one.granted(exclusive);
        one.release(exclusive);
        two.granted(two.exclusive("a"));
    }

    // ---- modes and queue

    @Test
    void anExclusiveGrantExcludesAllOthers() {
        one.granted(one.exclusive("a"));
        assertInstanceOf(Queued.class, two.ask(two.exclusive("a")));
        assertInstanceOf(Queued.class, two.ask(two.shared("a")));
        two.granted(two.exclusive("b"));
    }

    @Test
    void theMembersOfAReadPhaseHaveOneTokenAndOneOwner() {
        StoreJvm.Request first = one.shared("a");
        StoreJvm.Request second = two.shared("a");
        Granted mine = one.granted(first);
        Granted theirs = two.granted(second);
        assertEquals(mine.token(), theirs.token());
        assertEquals(mine.owner(), theirs.owner());
        one.release(first);
        two.release(second);
        Granted next = one.granted(one.shared("a"));
        assertNotEquals(mine.owner(), next.owner());
        assertTrue(next.token() > mine.token());
    }

    @Test
    void aHolderIsNotifiedOfWaitersAndItsReleaseGrantsThemTheKey() {
        StoreJvm.Request held = one.exclusive("a");
        Granted before = one.granted(held);
        StoreJvm.Request waits = two.exclusive("a");
        Queued queued = assertInstanceOf(Queued.class, two.ask(waits));
        assertTrue(queued.holder().toString().contains("com.shop.Orders.place"), queued.holder()::toString);
        Await.until("a revocation is requested", PATIENCE, () -> one.revoked(held));
        one.release(held);
        assertTrue(two.pushed(waits).token() > before.token());
        assertNull(two.look("a", queued.place()), "it waits no more");
    }

    @Test
    void aRequestThatIsWithdrawnIsNotGranted() {
        StoreJvm.Request held = one.exclusive("a");
        one.granted(held);
        StoreJvm.Request given = two.exclusive("a");
        assertInstanceOf(Queued.class, two.ask(given));
        two.release(given);
        one.release(held);
        one.granted(one.exclusive("a"));
    }

    @Test
    void whatDoesNotWaitIsRefusedWhileTheHolderUsesTheKey() {
        StoreJvm.Request held = one.exclusive("a");
        one.granted(held);
        one.uses(held);
        StoreJvm.Request tries = two.tries("a");
        if (!(two.ask(tries) instanceof Busy)) {
            Await.until("the holder's answer has arrived", PATIENCE, () -> two.busy(tries));
        }
        two.release(tries);
        one.release(held);
        two.granted(two.exclusive("a"));
    }

    // ---- tokens

    @Test
    void theTokensOfANameGrowPastAllThatWereReserved() {
        long last = 0;
        for (int i = 0; i < 10; i++) {
            StoreJvm jvm = i % 2 == 0 ? one : two;
            StoreJvm.Request request = jvm.exclusive("a");
            long token = jvm.granted(request).token();
            assertTrue(token > last, token + " after " + last);
            long reserved = jvm.reserve(request, 100);
            assertTrue(reserved > token, reserved + " after " + token);
            last = reserved + 99;
            jvm.release(request);
        }
    }

    @Test
    void theyGrowPastWhatADatabaseKnows() {
        StoreJvm.Request request = one.exclusive("a");
        long known = one.granted(request).token() + 1_000_000_000_000L;
        one.raise("a", known);
        assertTrue(one.reserve(request, 1) > known);
        one.release(request);
        assertTrue(two.granted(two.exclusive("a")).token() > known);
    }

    // ---- unknown grants

    @Test
    void anUnknownGrantIsGivenBackOnceAnotherJvmWaits() {
        StoreJvm.Request forgotten = one.exclusive("a");
        one.granted(forgotten);
        one.forget(forgotten);
        StoreJvm.Request waits = two.exclusive("a");
        if (two.ask(waits) instanceof Queued) {
            two.pushed(waits);
        }
    }

    @Test
    void anUnknownGrantIsGivenBackAsItIsPushed() {
        StoreJvm.Request held = one.exclusive("a");
        one.granted(held);
        StoreJvm.Request forgotten = two.exclusive("a");
        assertInstanceOf(Queued.class, two.ask(forgotten));
        two.forget(forgotten);
        one.release(held);
        StoreJvm.Request again = one.exclusive("a");
        if (one.ask(again) instanceof Queued) {
            one.pushed(again);
        }
    }

    // ---- sessions

    @Test
    void aSessionThatIsLostFreesAllItHeldAndNeverComesBack() {
        StoreJvm.Request held = one.exclusive("a");
        one.granted(held);
        Session lost = held.session();
        StoreJvm.Request waits = two.exclusive("a");
        assertInstanceOf(Queued.class, two.ask(waits));
        one.lose(held);
        Await.until("it is reported", PATIENCE, () -> one.ended(lost));
        Await.until("its key is granted", PATIENCE, () -> two.ask(waits) instanceof Granted);
        assertEquals(Failure.LOCK_LOST, one.reserveFailure(held));
        one.granted(one.exclusive("b"));
        assertNotEquals(lost.id(), one.last("b").session().id());
    }

    @Test
    void aSessionThatEndsInOrderFreesAllItHeld() {
        StoreJvm.Request held = one.exclusive("a");
        one.granted(held);
        one.end(held);
        two.granted(two.exclusive("a"));
    }

    @Test
    void sheddingGivesBackAllButWhatIsKept() {
        StoreJvm.Request a = one.exclusive("a");
        StoreJvm.Request b = one.exclusive("b");
        StoreJvm.Request c = one.exclusive("c");
        List.of(a, b, c).forEach(one::granted);
        one.shed(c, b);
        two.grantedSoon(two.exclusive("a"));
        two.grantedSoon(two.exclusive("c"));
        assertInstanceOf(Queued.class, two.ask(two.exclusive("b")));
    }

    @Test
    void aKeyThatIsKeptTakenOutlivesItsGrant() {
        StoreJvm.Request held = one.exclusive("a");
        one.granted(held);
        assertTrue(one.keepTaken(held, Duration.ofSeconds(2)));
        one.release(held);
        StoreJvm.Request waits = two.exclusive("a");
        assertInstanceOf(Queued.class, two.ask(waits));
        Await.until("its time is over", PATIENCE, () -> two.ask(waits) instanceof Granted);
    }

    @Test
    void whatIsNotHeldIsNotKeptTaken() {
        StoreJvm.Request held = one.exclusive("a");
        one.granted(held);
        one.release(held);
        assertEquals(false, one.keepTaken(held, Duration.ofSeconds(2)));
        two.granted(two.exclusive("a"));
    }
}
