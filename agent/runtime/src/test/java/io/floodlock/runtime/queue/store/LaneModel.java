package io.floodlock.runtime.queue.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.runtime.queue.record.Attempts;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.ParkedField;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.record.ProducerProgress;
import io.floodlock.runtime.queue.record.ReservedCalls;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a lane's steps have stored, as it must be found by a takeover. */
final class LaneModel {

    static final int ENTRIES = 8;

    final List<Position> entries = new ArrayList<>();
    private final Random random;
    private final List<UUID> sessions =
            Stream.generate(UUID::randomUUID).limit(4).toList();
    private final Map<Position, BitSet> marks = new HashMap<>();
    private final Map<UUID, ProducerProgress> identities = new HashMap<>();
    private final Map<String, Attempts> attempts = new HashMap<>();
    private final Set<String> parked = new HashSet<>();
    private ReservedCalls reserved = ReservedCalls.NONE;
    private Position low = Position.ZERO;
    private long ordinal;
    private int nextParked;

    LaneModel(Random random) {
        this.random = random;
    }

    /** Adds random changes to the step, as they could be a lane's. */
    NextStep change(NextStep step) {
        int passed = entries.indexOf(low);
        if (random.nextInt(8) == 0 && passed < ENTRIES - 2) {
            low = entries.get(passed + 1);
            step.change.entryGone(low, true);
            marks.remove(low);
            passed++;
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            mark(step.change, entries.get(passed + 1 + random.nextInt(ENTRIES - passed - 1)));
            producer(step.change, sessions.get(random.nextInt(sessions.size())));
            attempt(step.change, new CallId(sessions.get(0), 1 + random.nextInt(5), 0));
            park(step.change);
        }
        ordinal += random.nextInt(3);
        TreeSet<Long> some = new TreeSet<>();
        IntStream.range(0, random.nextInt(10)).forEach(i -> some.add((long) random.nextInt(20)));
        reserved = new ReservedCalls(some, new TreeSet<>(some.tailSet(10L)));
        return step.low(low).ordinal(ordinal).reserved(reserved);
    }

    private void mark(LaneChange change, Position entry) {
        BitSet finished = marks.computeIfAbsent(entry, of -> new BitSet());
        change.marked(entry, finished);
        // the bits count as they are when the change is sealed
        finished.set(random.nextInt(20));
    }

    private void producer(LaneChange change, UUID session) {
        if (random.nextInt(4) == 0) {
            identities.remove(session);
            change.forget(session);
        } else {
            ProducerProgress progress = new ProducerProgress(random.nextInt(1_000), random.nextLong(Long.MAX_VALUE));
            identities.put(session, progress);
            change.identity(session, progress.toString());
        }
    }

    private void attempt(LaneChange change, CallId call) {
        if (random.nextInt(4) == 0) {
            attempts.remove(call.toString());
            change.attemptsGone(call);
        } else {
            Attempts made =
                    new Attempts(random.nextInt(5), random.nextInt(3), Attempts.Run.values()[random.nextInt(3)]);
            attempts.put(call.toString(), made);
            change.attempts(call, made);
        }
    }

    private void park(LaneChange change) {
        if (random.nextInt(3) == 0 && !parked.isEmpty()) {
            String field = parked.iterator().next();
            parked.remove(field);
            change.parkedGone(field);
        } else {
            String key = random.nextBoolean() ? "key: \u00e4 {" + random.nextInt(5) + "}" : null;
            String field = new ParkedField(nextParked++, key).toString();
            parked.add(field);
            change.parked(field, new byte[] {(byte) nextParked});
        }
    }

    void compare(LaneSnapshot found) {
        assertEquals(low, found.lowWatermark());
        assertEquals(ordinal, found.ordinal());
        assertEquals(reserved, found.reserved());
        assertEquals(identities, found.identities());
        assertEquals(attempts, found.attempts());
        assertEquals(parked, new HashSet<>(found.parkedFields()));
        assertEquals(parked.size(), found.parkedFields().size());
        Map<Position, BitSet> bits = new HashMap<>();
        found.doneBits().forEach((entry, finished) -> bits.put(entry, BitSet.valueOf(finished)));
        assertEquals(marks, bits);
    }
}
