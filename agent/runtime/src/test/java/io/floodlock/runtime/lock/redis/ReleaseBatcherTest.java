package io.floodlock.runtime.lock.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is given back is sent many at a time, one call after the other, until Redis has acknowledged it. */
class ReleaseBatcherTest {

    /** As many batches as no stack has room for, if each went a few calls deeper. */
    private static final int MANY = 1_000_000;

    private static final FloodlockFailure REFUSED = Failure.UNAVAILABLE.because("connection refused");

    private final Session session =
            new Session("a.1", Clock.SYSTEM, Duration.ofMinutes(1), Session.Instant.now(Clock.SYSTEM));
    private final List<List<String>> calls = new ArrayList<>();
    private BiConsumer<LockReply, FloodlockFailure> answer;

    /** What is answered at once; null for later. */
    private Runnable atOnce;

    private long nanos = 1;
    private long grants;

    private final Clock clock = new Clock() {
        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long wallMillis() {
            return 1;
        }
    };

    private final List<Runnable> soon = new ArrayList<>();

    private final PendingReleases releases = new PendingReleases(clock);

    private final ReleaseBatcher batcher = new ReleaseBatcher(
            releases,
            (of, arguments, then) -> {
                List<String> names = new ArrayList<>();
                for (int i = 2; i < arguments.length; i += 2) {
                    names.add((String) arguments[i]);
                }
                calls.add(names);
                answer = then;
                if (atOnce != null) {
                    atOnce.run();
                }
            },
            soon::add,
            clock);

    @Test
    void whatRedisHadNoTimeForIsSentNext() {
        for (int i = 0; i < 5; i++) {
            add("k" + i);
        }
        batcher.flush();
        answer.accept(new LockReply(List.of("ok", "1 2", "3")), null);
        assertEquals(List.of("k3", "k4"), calls.get(1));
        answered();
        assertTrue(releases.allKnown());
        assertEquals(2, calls.size());
    }

    /** As where there is no memory for it. */
    @Test
    void whatCouldNotBeSentIsSentAgain() {
        add("a");
        atOnce = () -> {
            throw new OutOfMemoryError("a test's");
        };
        assertThrows(OutOfMemoryError.class, batcher::flush);
        atOnce = null;
        assertFalse(releases.allKnown());
        batcher.again();
        answered();
        assertEquals(List.of(List.of("a"), List.of("a")), calls);
        assertTrue(releases.allKnown());
    }

    /** As where there is no memory to tell it. */
    @Test
    void aCallWhoseAnswerIsLostIsMadeUpFor() {
        add("a");
        batcher.flush();
        add("b");
        batcher.again();
        assertEquals(List.of(List.of("a")), calls, "it may be under way");
        nanos += Duration.ofSeconds(11).toNanos();
        batcher.again();
        answered();
        assertEquals(Set.of("a", "b"), Set.copyOf(calls.get(1)));
        assertTrue(releases.allKnown());
    }

    @Test
    void aThreadThatNeverComesToSendIsMadeUpFor() {
        add("a");
        batcher.flushSoon();
        soon.clear();
        batcher.again();
        answered();
        add("b");
        batcher.flushSoon();
        assertEquals(1, soon.size());
    }

    @Test
    void whatComesWhileACallIsUnderWayGoesWithTheNext() {
        add("a");
        batcher.flush();
        add("b");
        batcher.flush();
        add("c");
        batcher.flush();
        // it says another thing than what goes with it, so it has a call of its own
        add("b");
        assertEquals(List.of(List.of("a")), calls);
        answered();
        answered();
        answered();
        assertEquals(List.of(List.of("a"), List.of("b", "c"), List.of("b")), calls);
    }

    @Test
    void whatRedisMayNotHaveHeardIsSentAgain() {
        add("a");
        batcher.flush();
        answer.accept(null, REFUSED);
        assertEquals(1, calls.size());
        batcher.again();
        assertEquals(List.of(List.of("a"), List.of("a")), calls);
        answered();
        batcher.again();
        assertEquals(2, calls.size());
    }

    @Test
    void answersThatAreThereAtOnceGoNoDeeper() {
        atOnce = () -> answer.accept(null, REFUSED);
        for (int i = 0; i < MANY; i++) {
            add("k" + i);
        }
        batcher.flush();
        calls.clear();
        atOnce = this::answered;
        batcher.again();
        assertTrue(calls.stream().allMatch(names -> names.size() <= 16));
        assertEquals(
                IntStream.range(0, MANY).mapToObj(i -> "k" + i).collect(Collectors.toSet()),
                calls.stream().flatMap(List::stream).collect(Collectors.toSet()));
    }

    @Test
    void whatNobodyWaitsForIsLeftToAnotherThreadOnce() {
        add("a");
        batcher.flushSoon();
        add("b");
        batcher.flushSoon();
        assertEquals(List.of(), calls);
        assertEquals(1, soon.size());
        soon.get(0).run();
        assertEquals(List.of(List.of("a", "b")), calls);
        add("c");
        // the answer sends it
        batcher.flushSoon();
        assertEquals(1, soon.size());
        answered();
        assertEquals(List.of(List.of("a", "b"), List.of("c")), calls);
        answered();
        add("d");
        batcher.flushSoon();
        assertEquals(2, soon.size());
    }

    @Test
    void aRequestTakesAlongWhatIsDueOfOtherNames() {
        Session later = new Session("a.2", Clock.SYSTEM, Duration.ofMinutes(1), Session.Instant.now(Clock.SYSTEM));
        add("a");
        assertEquals(List.of(), releases.along(later, "k"), "of another session");
        assertEquals(List.of(), releases.along(session, "a"), "replaced by the request itself");
        List<Release> along = releases.along(session, "k");
        assertEquals(1, along.size());
        batcher.flush();
        assertEquals(List.of(), calls);
        releases.sent(along, REFUSED);
        batcher.again();
        assertEquals(List.of(List.of("a")), calls);
    }

    @Test
    void whatIsOnItsWayIsKnownUntilRedisShouldHaveAcknowledgedIt() {
        assertFalse(releases.onItsWay(1));
        add("a");
        assertTrue(releases.onItsWay(1));
        assertFalse(releases.onItsWay(2));
        nanos += 1_000_000_000;
        assertFalse(releases.onItsWay(1));
    }

    /** Word that it is wanted may have been said before, and come after. */
    @Test
    void whatRedisHasAcknowledgedIsKnownForAMoment() {
        add("a");
        batcher.flush();
        nanos += 1_000_000_000;
        answered();
        assertTrue(releases.onItsWay(1));
        assertFalse(releases.onItsWay(2));
        nanos += 1_000_000_000;
        assertFalse(releases.onItsWay(1));
    }

    private void answered() {
        answer.accept(null, null);
    }

    private void add(String name) {
        releases.add(session, ++grants, name, null);
    }
}
