package io.floodlock.runtime.lock.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.store.HolderInfo;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.client.codec.StringCodec;

/** Requests that are repeated, late or overtaken, and sessions that end, as the scripts see them. */
class LockScriptsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String KEY = "floodlock:{test/0}:locks";
    private static final String BOUND = "floodlock:{test/0}:tokens";
    private static final String SESSIONS = "floodlock:{test/0}:sessions";
    private static final String A = "aaaa.1";
    private static final String B = "bbbb.1";
    private static final String C = "cccc.1";

    /** A moment, by nanoTime. */
    private static final long TOLD = 1;

    private static RedisServer server;
    private static RedisGateway redis;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        redis = new RedisGateway(Settings.of(Map.of("redis", server.url())));
    }

    @AfterAll
    static void stop() {
        redis.close();
        server.close();
    }

    @BeforeEach
    void openSessions() {
        server.cli("FLUSHALL");
        for (String session : List.of(A, B, C)) {
            assertEquals("ok", open(session, 60_000).kind());
        }
    }

    @Test
    void aRepeatedAcquireHasTheSameAnswerAndChangesNothing() {
        LockReply first = acquire(A, 1, "x", true);
        LockReply again = acquire(A, 1, "x", true);
        assertEquals("granted", first.kind());
        assertEquals("granted", again.kind());
        assertEquals(first.number(2), again.number(2));
        assertEquals(first.versionLeft(), again.versionLeft());
        assertEquals(first.versionLeft(), again.versionFound());
    }

    @Test
    void aRepeatedWaiterKeepsItsPlace() {
        acquire(A, 1, "x", true);
        acquire(B, 1, "x", true);
        acquire(C, 1, "x", true);
        assertEquals("queued", acquire(B, 1, "x", true).kind());
        release(A, 1);
        assertEquals("queued", acquire(C, 1, "x", true).kind());
        assertEquals("granted", acquire(B, 1, "x", true).kind());
    }

    @Test
    void aLateReleaseFreesNothingThatALaterGrantHolds() {
        acquire(A, 1, "x", true);
        LockReply later = acquire(A, 2, "x", true);
        assertEquals("granted", later.kind());
        release(A, 1);
        assertEquals("queued", acquire(B, 1, "x", false).kind());
        release(A, 2);
        release(A, 2);
        assertEquals("granted", acquire(B, 1, "x", false).kind());
    }

    @Test
    void oneThatTriesIsQueuedUnlessSomebodyWaitsBeforeIt() {
        acquire(A, 1, "x", true);
        assertEquals("queued", acquire(B, 1, "x", false).kind());
        assertEquals("queued", acquire(B, 1, "x", false).kind());
        LockReply busy = acquire(C, 1, "x", false);
        assertEquals("busy", busy.kind());
        release(B, 1);
        release(A, 1);
        assertEquals("granted", acquire(C, 2, "x", false).kind());
    }

    @Test
    void oneThatTriesIsRefusedByTheHoldersWordUntilItsGrantEnds() {
        acquire(A, 1, "x", true);
        assertEquals("queued", acquire(B, 1, "x", false).kind());
        busy(B, 1, A, 2);
        assertEquals("queued", acquire(B, 1, "x", false).kind(), "the word was of another grant");
        assertRefusedByWord(B, 1, A, 1);
        assertRefusedByWord(C, 1, A, 1);
        assertEquals("1", acquire(A, 1, "x", true).text(3), "its JVM hears again that it is wanted");
        assertEquals("queued", acquire(C, 2, "x", true).kind());
        release(C, 2);
        assertEquals("granted", acquire(A, 2, "x", true).kind());
        assertEquals("queued", acquire(B, 2, "x", false).kind(), "a new grant, of which nothing has been said");
        busy(B, 2, A, 2);
        release(B, 2);
        release(A, 2);
        assertEquals("granted", acquire(C, 3, "x", false).kind());
    }

    @Test
    void oneThatIsRefusedAtOnceChangesNothing() {
        acquire(A, 1, "x", true);
        assertEquals("queued", acquire(B, 1, "x", true).kind());
        server.cli("CONFIG", "RESETSTAT");
        LockReply refused = acquire(C, 1, "x", false);
        assertEquals("busy", refused.kind());
        assertEquals(refused.versionFound(), refused.versionLeft());
        assertEquals("busy", acquire(C, 2, "s", false).kind());
        assertEquals(0, calls("hset"));
        assertEquals(0, pushes());
        acquire(A, 2, "x", true);
        assertTrue(calls("hset") > 0);
    }

    @Test
    void oneThatTriesToReadJoinsReadersWhoHaveSaidThatTheyAreInside() {
        acquire(A, 1, "s", true);
        assertRefusedByWord(B, 1, A, 1);
        assertEquals("granted", acquire(B, 2, "s", false).kind());
    }

    @Test
    void aHoldersWordCountsForAMoment() {
        acquire(A, 1, "x", true);
        assertRefusedByWord(B, 1, A, 1);
        Await.until("the word passes", PATIENCE, () -> acquire(B, 1, "x", false).is("queued"));
        release(A, 1);
        assertEquals("granted", acquire(B, 1, "x", false).kind());
    }

    @Test
    void aHoldersWordThatSeemsToBeOfTheFutureCountsForNothing() {
        acquire(A, 1, "x", true);
        server.cli(
                "EVAL",
                "local l = cmsgpack.unpack(redis.call('HGET', KEYS[1], 'l:name')) l[1][8] = redis.call('TIME')[1] * 1000 + 60000 "
                        + "redis.call('HSET', KEYS[1], 'l:name', cmsgpack.pack(l))",
                "1",
                KEY);
        assertEquals("queued", acquire(B, 1, "x", false).kind());
    }

    @Test
    void aHolderThatKnowsItIsWantedHearsItAgainOnlyWhenTheMarkIsGone() {
        server.cli("CONFIG", "RESETSTAT");
        acquire(A, 1, "x", true);
        acquire(B, 1, "x", true);
        assertEquals(1, pushes(), "to the holder");
        acquire(A, 2, "x", true);
        assertEquals(2, pushes(), "the grant to who waits, who knows by it that others want it");
        long told = System.nanoTime();
        acquire(C, 1, "x", true);
        acquire(C, 1, "x", true);
        acquire(A, 2, "x", true);
        if (System.nanoTime() - told < Duration.ofMillis(400).toNanos()) {
            assertEquals(2, pushes(), "however many come and ask");
        }
        assertEquals("1", acquire(B, 1, "x", true).text(3));
        int before = pushes();
        Await.until("it is told again", PATIENCE, () -> {
            acquire(C, 1, "x", true);
            return pushes() > before;
        });
    }

    @Test
    void noScriptTakesLongerWithTheNumberOfThoseWhoWait() {
        acquire(C, 1, "x", true);
        queue(10, 20);
        int few = turn(1, C);
        queue(20, 300);
        assertEquals(291, entriesOf("entry[4] == 0"));
        int many = turn(10, "f10.1");
        assertTrue(many <= few + 2, () -> "commands for a turn: " + few + " with 12 who wait, " + many + " with 291");
    }

    @Test
    void toGiveManyBackThatOthersWaitForIsDoneByPortions() {
        List<String> pairs = new ArrayList<>();
        for (int i = 1; i <= 16; i++) {
            acquire(A, i, "k" + i, "x", true);
            acquire(B, i, "k" + i, "x", true);
            pairs.addAll(List.of(Integer.toString(i), "k" + i));
        }
        int calls = 0;
        while (!pairs.isEmpty()) {
            List<String> arguments = new ArrayList<>(List.of(A));
            arguments.addAll(pairs);
            int done = (int)
                    run(LockScripts.RELEASE, arguments.toArray(String[]::new)).number(2);
            assertTrue(done > 0 && done < 8, done + " done");
            pairs = pairs.subList(2 * done, pairs.size());
            calls++;
        }
        assertTrue(calls > 2);
        for (int i = 1; i <= 16; i++) {
            assertEquals("granted", acquire(B, i, "k" + i, "x", true).kind());
        }
    }

    private static void queue(int from, int to) {
        for (int i = from; i < to; i++) {
            open("f" + i + ".1", 60_000);
            acquire("f" + i + ".1", 1, "x", true);
        }
        acquire(A, from, "x", true);
        acquire(B, from, "x", true);
    }

    /** How many commands it takes to ask again as one who waits, to hand over, and to give a place up. */
    private static int turn(int grant, String holder) {
        server.cli("CONFIG", "RESETSTAT");
        acquire(A, 20 + grant, "x", true);
        acquire(A, 20 + grant, "x", true);
        acquire(holder, grant + 1, "x", true);
        release(A, 20 + grant);
        release(holder, grant + 1);
        return commands();
    }

    @Test
    void aReadPhaseOfManyIsLetInByPortionsAndIsOnePhase() {
        acquire(A, 1, "x", true);
        int readers = 40;
        for (int i = 0; i < readers; i++) {
            open("r" + i + ".1", 60_000);
            assertEquals("queued", acquire("r" + i + ".1", 1, "s", true).kind());
            if (i == 20) {
                assertEquals("queued", acquire(C, 1, "x", true).kind());
            }
        }
        release(A, 1);
        int first = entriesOf("entry[4] ~= 0");
        assertTrue(first > 1 && first < readers, () -> first + " at once");
        acquire(B, 1, "s", true);
        // as each portion's grants ask the JVM that ran the script to go on
        for (int i = 0; i < readers; i++) {
            run(LockScripts.GO_ON, A, "name");
        }
        assertEquals(
                readers, entriesOf("entry[4] ~= 0"), "those who waited when it began, past the writer, and no other");
        long token = acquire("r0.1", 1, "s", true).number(2);
        assertEquals(token, acquire("r39.1", 1, "s", true).number(2));
        for (int i = 0; i < readers; i++) {
            assertEquals("queued", acquire(C, 1, "x", true).kind());
            release("r" + (readers - 1 - i) + ".1", 1);
        }
        assertEquals("granted", acquire(C, 1, "x", true).kind());
        release(C, 1);
        assertEquals("granted", acquire(B, 1, "s", true).kind());
    }

    @Test
    void theDeadAreForgottenWhereTheyStandFirstAndOthersKeepTheirOrder() {
        for (String session : List.of("dead.1", "dead.2", "dead.3")) {
            open(session, 60_000);
        }
        acquire("dead.1", 1, "x", true);
        acquire("dead.2", 1, "s", true);
        acquire(A, 1, "x", true);
        acquire("dead.3", 1, "x", true);
        acquire(B, 1, "x", true);
        for (String session : List.of("dead.1", "dead.2", "dead.3")) {
            run(LockScripts.CLOSE, session, "1");
        }
        assertEquals("queued", acquire(B, 1, "x", true).kind());
        assertEquals("granted", acquire(A, 1, "x", true).kind());
        release(A, 1);
        assertEquals("granted", acquire(B, 1, "x", true).kind());
        release(B, 1);
        assertEquals("granted", acquire(C, 1, "x", true).kind());
    }

    @Test
    void whoWaitsMayGoOnWaitingAsLongAsNothingChanges() {
        acquire(A, 1, "x", true);
        RedisQueuePlace first = turn(B);
        RedisQueuePlace second = turn(C);
        long later = TOLD + Duration.ofSeconds(1).toNanos();
        assertNotNull(look(second, TOLD));
        assertNotNull(look(first, TOLD), "the holder has been told a moment ago");
        assertNull(look(first, later), "it is to be told again");
        assertNotNull(look(second, later), "by who waits first");
        assertNull(look(second, TOLD + Duration.ofSeconds(61).toNanos()), "the holder's lease has ended");
        renewed(A);
        release(A, 1);
        assertNull(look(first, TOLD + 1), "it holds the lock now");
        second = look(second, TOLD + 1);
        assertNotNull(second, "another holder, whom it knows from now on");
        run(LockScripts.CLOSE, B, "1");
        assertNull(look(second, TOLD + 1), "its session is gone");
    }

    @Test
    void whoStandsFartherBehindLooksMoreSeldomButWithinHalfALease() {
        acquire(A, 1, "x", true);
        for (int i = 0; i < 60; i++) {
            open("w" + i + ".1", 60_000);
            long pause = Duration.ofNanos(turn("w" + i + ".1").pauseNanos()).toMillis();
            long expected = Math.min(250 * (i + 1), 4_000);
            assertTrue(pause >= expected * 3 / 4 && pause <= expected * 5 / 4, i + " places behind: " + pause + " ms");
            assertTrue(pause <= 5_000);
        }
    }

    @Test
    void aBucketExpiresWithItsLastSessionAndTokensGoOn() {
        server.cli("FLUSHALL");
        open(A, 50);
        open(B, 300);
        long first = acquire(A, 1, "x", true).number(2);
        // as after Redis has lost data, or its clock was ahead: no moment comes to be greater than these
        run(LockScripts.RAISE, Long.toString(first + 3_600_000_000L));
        long last = acquire(B, 1, "other", "x", true).number(2);
        assertTrue(last > first + 3_600_000_000L);
        Await.until(
                () -> "only the bound is left: " + server.cli("KEYS", "*"),
                PATIENCE,
                () -> server.cli("KEYS", "*").equals(BOUND));
        open(C, 60_000);
        assertTrue(acquire(C, 1, "x", true).number(2) >= last + 16, "an exclusive grant has 16 of them");
    }

    @Test
    void noTokenExceedsTheBoundWithoutRaisingIt() {
        for (int i = 1; i <= 5; i++) {
            acquire(A, i, "x", true);
            tokens(A, i);
            long drawn = Long.parseLong(server.cli("HGET", KEY, "n"));
            assertTrue(Long.parseLong(server.cli("GET", BOUND)) >= drawn);
            // the clock is overtaken by more than any lease
            run(LockScripts.RAISE, Long.toString(drawn + 90_000_000L));
        }
    }

    @Test
    void theLastThatEndsInOrderLeavesTheBoundOnly() {
        server.cli("FLUSHALL");
        open(A, 60_000);
        open(B, 60_000);
        acquire(A, 1, "k", "x", true);
        acquire(A, 2, "l", "x", true);
        acquire(B, 1, "l", "x", true);
        run(LockScripts.CLOSE, A, "1");
        run(LockScripts.CLEAR, A, "1", "k", "l");
        assertEquals("1", server.cli("HEXISTS", KEY, "l:l"), "whoever waited has it");
        assertEquals("0", server.cli("HEXISTS", KEY, "l:k"));
        assertEquals("granted", acquire(B, 1, "l", "x", true).kind());
        release(B, 1, "l");
        run(LockScripts.CLOSE, B, "1");
        assertEquals(BOUND, server.cli("KEYS", "*"));
    }

    @Test
    void sweepingClearsWhatEndedSessionsHaveLeftAndNothingElse() {
        for (String session : List.of("dead.1", "dead.2")) {
            open(session, 60_000);
        }
        for (int i = 1; i <= 200; i++) {
            acquire("dead.1", i, "k" + i, "x", true);
            acquire(A, i, "a" + i, i % 2 == 0 ? "x" : "s", true);
            // a dead one in the middle of a queue, and one among readers
            acquire(B, i, "a" + i, "x", true);
            acquire("dead.2", i, "a" + i, "s", true);
            acquire(C, i, "a" + i, "x", true);
        }
        run(LockScripts.CLOSE, "dead.1", "0");
        server.cli("HSET", KEY, "s:dead.2", "\u0093\u0001\u0001\u0001");
        server.cli("ZADD", SESSIONS, "1", "dead.1", "1", "dead.2");
        assertEquals("1", run(LockScripts.RENEW, A).text(2));
        AtomicInteger cleared = new AtomicInteger();
        Await.until("a round is over", PATIENCE, () -> {
            LockReply page = run(LockScripts.SWEEP, A);
            assertEquals("ok", page.kind());
            cleared.addAndGet((int) page.number(2));
            return page.text(3).equals("1");
        });
        assertTrue(cleared.get() > 200, () -> cleared + " cleared, of 200 locks, 200 entries and a session");
        String left = server.cli("HKEYS", KEY);
        assertFalse(left.contains("dead."), left);
        assertFalse(left.lines().anyMatch(field -> field.startsWith("l:k")), left);
        for (int i = 1; i <= 200; i += 37) {
            assertEquals(
                    "granted",
                    acquire(A, i, "a" + i, i % 2 == 0 ? "x" : "s", true).kind());
            release(A, i, "a" + i);
            release(B, i, "a" + i);
            assertEquals("granted", acquire(C, i, "a" + i, "x", true).kind());
        }
    }

    @Test
    void oneJvmSweepsABucketAtATimeAndOnlyWhereSomethingMayBeLeft() {
        server.cli("FLUSHALL");
        open(A, 60_000);
        open(B, 60_000);
        assertEquals("0", run(LockScripts.RENEW, A).text(2), "nobody has ended");
        server.cli("ZADD", SESSIONS, "1", "dead.1");
        assertEquals("1", run(LockScripts.RENEW, A).text(2));
        assertEquals("0", run(LockScripts.RENEW, A).text(2));
        assertEquals("0", run(LockScripts.RENEW, B).text(2));
        // a turn that seems to be in a far future, as after the clock stepped back
        server.cli("HSET", KEY, "w", "9999999999999999 0 0");
        assertEquals("1", run(LockScripts.RENEW, B).text(2));
        server.cli("HSET", KEY, "w", "0 0 0");
        assertEquals("1", run(LockScripts.RENEW, B).text(2), "it is due");
        assertEquals("0", run(LockScripts.SWEEP, B).text(3));
        assertEquals("0", run(LockScripts.RENEW, A).text(2), "B is at it");
        sweepAll(B);
        server.cli("HSET", KEY, "w", "0 0 0");
        assertEquals("0", run(LockScripts.RENEW, A).text(2), "all is swept");
    }

    /** Locks that live cost nothing, however many they are. */
    @Test
    void aBucketOfWhichNobodyHasEndedIsNotSwept() {
        // Redis knows the script
        renewing();
        int few = renewing();
        for (int i = 1; i <= 2_000; i++) {
            acquire(A, i, "k" + i, "x", true);
        }
        assertEquals(few, renewing());
        assertEquals("0", server.cli("HEXISTS", KEY, "w"));

        run(LockScripts.CLOSE, A, "0");
        server.cli("ZADD", SESSIONS, "1", A);
        assertEquals("1", run(LockScripts.RENEW, B).text(2), "the control");
        sweepAll(B);
        assertFalse(server.cli("HKEYS", KEY).contains("l:k"));
        assertTrue(renewing() <= few);
    }

    private static int renewing() {
        server.cli("CONFIG", "RESETSTAT");
        assertEquals("0", run(LockScripts.RENEW, B).text(2));
        // the bucket's end is moved, or not, as the ms will have it
        return commands() - commands("pexpire");
    }

    private static void sweepAll(String session) {
        Await.until(
                "all is swept",
                PATIENCE,
                () -> run(LockScripts.SWEEP, session).text(3).equals("1"));
    }

    @Test
    void whoEndsWhileARoundIsUnderWayIsSweptByAnother() {
        // more than Redis keeps in one piece, which it would read in one page
        for (int i = 1; i <= 400; i++) {
            acquire(A, i, "a" + i, "x", true);
            acquire(B, i, "b" + i, "x", true);
        }
        run(LockScripts.CLOSE, A, "0");
        server.cli("ZADD", SESSIONS, "1", A);
        AtomicInteger pages = new AtomicInteger();
        Await.until("all is swept", PATIENCE, () -> {
            if (pages.incrementAndGet() == 15) {
                run(LockScripts.CLOSE, B, "0");
                server.cli("ZADD", SESSIONS, "1", B);
            }
            return run(LockScripts.SWEEP, C).text(3).equals("1");
        });
        assertTrue(pages.get() > 15);
        String left = server.cli("HKEYS", KEY);
        assertFalse(left.contains("l:"), left);
    }

    @Test
    void aListOfSessionsThatIsLostIsMadeAgain() {
        acquire(A, 1, "k", "x", true);
        server.cli("HSET", KEY, "s:" + A, "\u0093\u0001\u0001\u0001");
        server.cli("DEL", SESSIONS);
        assertEquals("1", run(LockScripts.RENEW, B).text(2));
        sweepAll(B);
        String left = server.cli("HKEYS", KEY);
        assertFalse(left.contains("l:k") || left.contains(A), left);
        assertTrue(Integer.parseInt(server.cli("PTTL", SESSIONS)) > 0, "it expires with the bucket");
    }

    @Test
    void whoClearsAllIsListedNoMore() {
        acquire(A, 1, "k", "x", true);
        run(LockScripts.CLOSE, A, "0");
        assertTrue(server.cli("ZRANGE", SESSIONS, "0", "-1").contains(A), "it may die before it has cleared");
        run(LockScripts.CLEAR, A, "1", "k");
        assertFalse(server.cli("ZRANGE", SESSIONS, "0", "-1").contains(A));
    }

    /** As many as there is time for, each settled for those who wait; the rest is for the next call. */
    @Test
    void toClearKeysThatOthersWaitForIsDoneByPortions() {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= 16; i++) {
            acquire(A, i, "k" + i, "x", true);
            acquire(B, i, "k" + i, "x", true);
            names.add("k" + i);
        }
        run(LockScripts.CLOSE, A, "0");
        int calls = 0;
        while (!names.isEmpty()) {
            List<String> arguments = new ArrayList<>(List.of(A, "1"));
            arguments.addAll(names);
            int done = (int)
                    run(LockScripts.CLEAR, arguments.toArray(String[]::new)).number(2);
            assertTrue(done > 0 && done < 8, done + " done");
            names = names.subList(done, names.size());
            calls++;
        }
        assertTrue(calls > 2);
        assertEquals("granted", acquire(B, 16, "k16", "x", true).kind());
    }

    /** A call settles two queues at most, and leaves the others of the page to the next calls. */
    @Test
    void aSweepCountsWhatItHadTimeToClear() {
        for (int i = 1; i <= 6; i++) {
            acquire(A, i, "k" + i, "x", true);
            acquire(B, i, "k" + i, "x", true);
        }
        run(LockScripts.CLOSE, A, "0");
        server.cli("ZADD", SESSIONS, "1", A);
        assertEquals("1", run(LockScripts.RENEW, B).text(2));
        assertEquals("1", run(LockScripts.SWEEP, B).text(2), "the session");
        assertEquals("2", run(LockScripts.SWEEP, B).text(2), "two queues or entries");
        sweepAll(B);
        assertFalse(server.cli("HKEYS", KEY).contains(A));
    }

    @Test
    void aMinimumHoldThatIsOverIsSweptWithoutARound() {
        acquire(A, 1, "k", "x", true);
        run(LockScripts.MIN_HOLD, A, "1", "k", "700000", "who");
        release(A, 1, "k");
        Await.until(
                "it is over", PATIENCE, () -> run(LockScripts.RENEW, A).text(2).equals("1"));
        assertEquals("1", run(LockScripts.SWEEP, A).text(2));
        String left = server.cli("HKEYS", KEY);
        assertFalse(left.contains("l:k") || left.contains(A + ".1"), left);
        assertEquals("1", run(LockScripts.SWEEP, A).text(3));
    }

    @Test
    void toOpenAndToCloseTakesNoLongerWithTheNumberOfSessions() {
        int few = opening("g.1");
        for (int i = 0; i < 200; i++) {
            open("h" + i + ".1", 60_000);
        }
        int many = opening("g.2");
        // whether the bucket's end is to be moved depends on the ms
        assertTrue(many <= few + 2, () -> "commands: " + few + " beside 3 sessions, " + many + " beside 203");
        assertEquals(0, pushes(), "nobody else is disturbed");
    }

    private static int opening(String session) {
        server.cli("CONFIG", "RESETSTAT");
        open(session, 60_000);
        run(LockScripts.CLOSE, session, "1");
        return commands();
    }

    private static int commands() {
        return commands("");
    }

    private static int commands(String which) {
        return server.cli("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_" + which))
                .mapToInt(line -> Integer.parseInt(line.replaceAll("^[^:]*:calls=(\\d+).*", "$1")))
                .sum();
    }

    private static void release(String session, int grant, String name) {
        assertEquals(
                "ok",
                run(LockScripts.RELEASE, session, Integer.toString(grant), name).kind());
    }

    private static RedisQueuePlace turn(String session) {
        LockReply reply = acquire(session, 1, "x", true);
        assertEquals("queued", reply.kind());
        return new RedisQueuePlace("name", session, Duration.ofSeconds(10), reply, TOLD);
    }

    private static RedisQueuePlace look(RedisQueuePlace turn, long nowNanos) {
        return turn.after(redis.await(redis.fields(KEY, turn.fields()), PATIENCE), nowNanos);
    }

    private static int entriesOf(String which) {
        return Integer.parseInt(server.cli(
                "EVAL",
                "local n = 0 for _, f in ipairs(redis.call('HKEYS', KEYS[1])) do if string.sub(f, 1, 2) == 'e:' then "
                        + "local entry = cmsgpack.unpack(redis.call('HGET', KEYS[1], f)) "
                        + "if " + which + " then n = n + 1 end end end return n",
                "1",
                KEY));
    }

    @Test
    void aWordStandsAsLongAsTheLockAndTheHoldersSessionDo() {
        acquire(A, 1, "x", true);
        BusyNotice word = word(A, 1);
        assertTrue(stands(word));
        acquire(A, 2, "other", "x", true);
        renewed(A);
        assertTrue(stands(word), "nothing of this lock has changed");
        assertTrue(word.over(TOLD + 100_000_000), "longer than a word counts");
        acquire(C, 1, "x", true);
        assertFalse(stands(word), "somebody waits");
        release(C, 1);
        assertTrue(stands(word));
        release(A, 1);
        assertFalse(stands(word));
        acquire(A, 3, "x", true);
        assertFalse(stands(word), "another grant");
    }

    @Test
    void aWordEndsWithWhatTheHoldersSessionHasShed() {
        acquire(A, 1, "x", true);
        BusyNotice word = word(A, 1);
        assertTrue(stands(word));
        run(LockScripts.SHED, A, "1");
        assertFalse(stands(word));
    }

    @Test
    void aWordEndsWithTheHoldersSession() {
        acquire(A, 1, "x", true);
        BusyNotice word = word(A, 1);
        assertTrue(stands(word));
        run(LockScripts.CLOSE, A, "1");
        assertFalse(stands(word));
    }

    @Test
    void aWordEndsNoLaterThanTheLeaseOfTheHoldersSession() {
        AtomicInteger tries = new AtomicInteger();
        // repeated, as the lease may have ended before anybody is refused
        Await.until("refused within the lease", PATIENCE, () -> {
            int number = tries.incrementAndGet();
            String holder = "dddd." + number;
            open(holder, 50);
            acquire(holder, 1, "x", true);
            busy(B, number, holder, 1);
            LockReply reply = acquire(B, number, "x", false);
            release(B, number);
            if (!reply.is("busy")) {
                return false;
            }
            assertTrue(reply.busyNotice("name", TOLD).over(TOLD + 50_000_000));
            return true;
        });
    }

    @Test
    void whatIsRefusedForAnotherReasonTellsNoWord() {
        acquire(A, 1, "x", true);
        assertNull(acquire(B, 1, "x", false).busyNotice("name", TOLD), "not refused yet");
        assertNull(acquire(C, 1, "x", false).busyNotice("name", TOLD), "as somebody waits");
    }

    /** That which refuses B, as if it had been told at {@link #TOLD}. */
    private static BusyNotice word(String holder, int grant) {
        return assertRefusedByWord(B, 1, holder, grant).busyNotice("name", TOLD);
    }

    private static boolean stands(BusyNotice word) {
        return word.stands(redis.await(redis.fields(KEY, word.fields()), PATIENCE), TOLD);
    }

    private static int pushes() {
        return calls("publish");
    }

    private static int calls(String command) {
        return server.cli("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                .mapToInt(line -> Integer.parseInt(line.replaceAll("^[^:]*:calls=(\\d+).*", "$1")))
                .sum();
    }

    /** Repeated, as the word may have passed before it is found. */
    private static LockReply assertRefusedByWord(String asker, int askersGrant, String holder, int grant) {
        LockReply[] refused = new LockReply[1];
        Await.until("refused by the holder's word", PATIENCE, () -> {
            busy(asker, askersGrant, holder, grant);
            refused[0] = acquire(asker, askersGrant, "x", false);
            if (refused[0].is("busy")) {
                return true;
            }
            release(asker, askersGrant);
            return false;
        });
        return refused[0];
    }

    private static void busy(String asker, int askersGrant, String holder, int grant) {
        run(LockScripts.BUSY, asker, Integer.toString(askersGrant), "name", holder, Integer.toString(grant));
    }

    @Test
    void anOvertakenAcquireIsStale() {
        acquire(A, 2, "x", true);
        assertEquals("stale", acquire(A, 1, "x", true).kind());
        assertEquals("granted", acquire(A, 2, "x", true).kind());
    }

    @Test
    void aNewerRequestGivesTheHoldBackToWhoWaitsAndQueuesBehindThem() {
        long token = acquire(A, 1, "x", true).number(2);
        acquire(B, 1, "x", true);
        assertEquals("queued", acquire(A, 2, "x", true).kind());
        LockReply other = acquire(B, 1, "x", true);
        assertEquals("granted", other.kind());
        assertTrue(other.number(2) > token);
        assertEquals("1", other.text(3));
        release(B, 1);
        assertEquals("granted", acquire(A, 2, "x", true).kind());
    }

    @Test
    void aReleaseOfAWaitGivesItUp() {
        acquire(A, 1, "x", true);
        acquire(B, 1, "x", true);
        release(B, 1);
        release(A, 1);
        assertEquals("granted", acquire(C, 1, "x", false).kind());
    }

    @Test
    void readersShareOnePhaseAndItsTokenAndAWriterIsNotOvertaken() {
        long phase = acquire(A, 1, "s", true).number(2);
        assertEquals(phase, acquire(B, 1, "s", true).number(2));
        assertEquals("queued", acquire(C, 1, "x", true).kind());
        release(B, 1);
        assertEquals("queued", acquire(B, 2, "s", true).kind());
        release(A, 1);
        LockReply writer = acquire(C, 1, "x", true);
        assertTrue(writer.number(2) > phase);
        release(C, 1);
        assertTrue(acquire(B, 2, "s", true).number(2) > writer.number(2));
    }

    @Test
    void anExpiredSessionHoldsNothingAndNeverComesBack() {
        String mortal = "dddd.1";
        open(mortal, 50);
        assertEquals("granted", acquire(mortal, 1, "x", true).kind());
        // not by renewing it, which would keep it alive
        Await.until(
                () -> "others get the lock",
                PATIENCE,
                () -> acquire(A, 1, "x", false).kind().equals("granted"));
        assertEquals("lost", acquire(mortal, 1, "x", true).kind());
        assertEquals("lost", acquire(mortal, 2, "x", true).kind());
        assertEquals("lost", renewed(mortal));
        assertEquals("lost", tokens(mortal, 1).kind());
        assertEquals("granted", acquire(A, 1, "x", false).kind());
    }

    @Test
    void anExpiryFartherAwayThanTheLeaseIsCutToIt() {
        // as after the server's clock has stepped back by an hour
        String ahead = "eeee.1";
        open(ahead, 50);
        acquire(ahead, 1, "x", true);
        server.cli(
                "EVAL",
                "local s = cmsgpack.unpack(redis.call('HGET', KEYS[1], ARGV[1])) s[1] = s[1] + 3600000000 "
                        + "redis.call('HSET', KEYS[1], ARGV[1], cmsgpack.pack(s))",
                "1",
                KEY,
                "s:" + ahead);
        Await.until(
                () -> "others get the lock",
                PATIENCE,
                () -> acquire(A, 1, "x", false).kind().equals("granted"));
    }

    @Test
    void aClosedSessionFreesAllAtOnce() {
        for (int i = 0; i < 10; i++) {
            run(LockScripts.ACQUIRE, A, Integer.toString(i + 1), "n" + i, "x", "who", "1");
        }
        run(LockScripts.CLOSE, A, "1");
        for (int i = 0; i < 10; i++) {
            assertEquals(
                    "granted",
                    run(LockScripts.ACQUIRE, B, Integer.toString(i + 1), "n" + i, "x", "who", "0")
                            .kind());
        }
        assertEquals("lost", renewed(A));
    }

    @Test
    void onlyTheHolderReservesTokensAndTheyAreAllNew() {
        long granted = acquire(A, 1, "x", true).number(2);
        long first = tokens(A, 1).number(2);
        assertTrue(first > granted);
        assertTrue(tokens(A, 1).number(2) >= first + 10);
        assertEquals("lost", tokens(A, 2).kind());
        assertEquals("lost", tokens(B, 1).kind());
        release(A, 1);
        assertTrue(acquire(B, 1, "x", true).number(2) >= first + 20);
    }

    @Test
    void theHolderIsToldOfInBusyReplies() {
        acquire(A, 1, "x", true);
        HolderInfo holder = acquire(B, 1, "x", false).holder();
        assertEquals(new HolderInfo(1, LockMode.EXCLUSIVE, "who", holder.sinceMillis(), "owner of " + A), holder);
        assertTrue(Math.abs(System.currentTimeMillis() - holder.sinceMillis()) < 60_000);
    }

    @Test
    void aSessionOpenedTwiceIsOne() {
        acquire(A, 1, "x", true);
        assertEquals("ok", open(A, 60_000).kind());
        assertEquals("granted", acquire(A, 1, "x", true).kind());
    }

    private static LockReply open(String session, int leaseMillis) {
        return run(LockScripts.OPEN, session, Integer.toString(leaseMillis * 1000), "owner of " + session);
    }

    private static String renewed(String session) {
        return run(LockScripts.RENEW, session).kind();
    }

    private static LockReply acquire(String session, int grant, String mode, boolean wait) {
        return run(LockScripts.ACQUIRE, session, Integer.toString(grant), "name", mode, "who", wait ? "1" : "0");
    }

    private static void release(String session, int grant) {
        assertEquals(
                "ok",
                run(LockScripts.RELEASE, session, Integer.toString(grant), "name")
                        .kind());
    }

    @Test
    void oneCallGivesManyGrantsBackAndGrantsThemToWhoWaits() {
        for (String name : List.of("k", "l", "m")) {
            assertEquals("granted", acquire(A, 1, name, "x", true).kind());
        }
        assertEquals("granted", acquire(A, 2, "m", "x", true).kind());
        acquire(B, 3, "l", "x", true);
        LockReply released = run(LockScripts.RELEASE, A, "1", "k", "1", "l", "1", "m");
        assertEquals("ok", released.kind());
        assertEquals(released.versionFound() + 2, released.versionLeft(), "of m a later grant is known");
        assertEquals("granted", acquire(B, 3, "l", "x", true).kind());
        assertEquals("granted", acquire(C, 1, "k", "x", true).kind());
        assertEquals("queued", acquire(C, 2, "m", "x", true).kind());
    }

    @Test
    void aReadPhaseTakesInAllWhoWaitToRead() {
        acquire(A, 1, "s", true);
        acquire(B, 1, "x", true);
        assertEquals("queued", acquire(C, 1, "s", true).kind(), "behind the writer, or it would never come in");
        assertEquals("queued", acquire(A, 2, "x", true).kind());
        // B, C, A
        release(B, 1);
        assertEquals("granted", acquire(C, 1, "s", true).kind());
        acquire(B, 2, "s", true);
        release(C, 1);
        assertEquals("granted", acquire(A, 2, "x", true).kind());
        acquire(C, 2, "x", true);
        release(A, 2);
        // B waited to read before C waits to write
        assertEquals("granted", acquire(B, 2, "s", true).kind());
        acquire(A, 3, "s", true);
        acquire(A, 4, "x", true);
        acquire(A, 5, "s", true);
        release(B, 2);
        assertEquals("granted", acquire(C, 2, "x", true).kind());
    }

    @Test
    void whatASessionHasShedIsFreeAndWhatItNamedOrTookLaterIsNot() {
        for (String name : List.of("k", "l", "m")) {
            acquire(A, "klm".indexOf(name) + 1, name, "x", true);
        }
        acquire(B, 1, "k", "x", true);
        acquire(A, 4, "n", "x", true);
        assertEquals("ok", run(LockScripts.SHED, A, "3", "2").kind());
        assertEquals("granted", acquire(B, 1, "k", "x", true).kind());
        assertEquals("queued", acquire(B, 2, "l", "x", true).kind());
        assertEquals("granted", acquire(A, 5, "m", "x", true).kind());
        assertEquals("queued", acquire(B, 3, "m", "x", true).kind());
        assertEquals("queued", acquire(B, 4, "n", "x", true).kind());
        assertEquals("ok", renewed(A));
    }

    @Test
    void aRequestGivesOtherLocksBackWhateverItsAnswer() {
        for (String name : List.of("k", "l", "m", "n", "o")) {
            assertEquals("granted", acquire(A, 1, name, "x", true).kind());
        }
        assertEquals("queued", acquire(B, 1, "k", "x", true).kind());
        assertEquals("granted", acquireGivingBack(A, 2, "p", "k", "l").kind());
        assertEquals("granted", acquire(B, 1, "k", "x", true).kind());
        assertEquals("granted", acquire(C, 1, "l", "x", false).kind());
        assertEquals("queued", acquireGivingBack(A, 3, "k", "m").kind());
        assertEquals("granted", acquire(C, 2, "m", "x", false).kind());
        assertEquals("stale", acquireGivingBack(A, 1, "p", "n").kind());
        assertEquals("granted", acquire(C, 3, "n", "x", false).kind());
        assertEquals("granted", acquire(C, 4, "q", "x", false).kind());
        assertEquals("granted", acquireGivingBack(C, 5, "r", "o").kind());
        assertEquals("queued", acquire(B, 2, "o", "x", false).kind(), "another session's is left alone");
    }

    private static LockReply acquireGivingBack(String session, int grant, String name, String... others) {
        List<String> arguments = new ArrayList<>(List.of(session, Integer.toString(grant), name, "x", "who", "1"));
        for (String other : others) {
            arguments.addAll(List.of("1", other));
        }
        return run(LockScripts.ACQUIRE, arguments.toArray(String[]::new));
    }

    private static LockReply acquire(String session, int grant, String name, String mode, boolean wait) {
        return run(LockScripts.ACQUIRE, session, Integer.toString(grant), name, mode, "who", wait ? "1" : "0");
    }

    private static LockReply tokens(String session, int grant) {
        return run(LockScripts.TOKENS, session, Integer.toString(grant), "name", "10");
    }

    private static LockReply run(Script script, String... arguments) {
        Object[] all = new Object[2 + arguments.length];
        all[0] = "floodlock:test:locks:";
        all[1] = "0";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return new LockReply(
                redis.await(redis.run(StringCodec.INSTANCE, script, List.of(KEY, BOUND, SESSIONS), all), PATIENCE));
    }
}
