package io.floodlock.runtime.queue.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.EntryRecord.Section;
import io.floodlock.runtime.queue.record.ProducerProgress;
import io.floodlock.runtime.queue.store.LaneChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ProducerPositionsTest {

    private static final long HOUR = 3_600_000;
    private static final UUID SOURCE = UUID.nameUUIDFromBytes(new byte[] {1});

    private final ProducerPositions producers = new ProducerPositions();
    private final LaneChange changes = new LaneChange();
    private long now = 1_800_000_000_000L;

    private static EntryRecord entry(UUID session, long sequence, int calls) {
        CallRecord call = new CallRecord("call", null, false, new byte[0]);
        return new EntryRecord(session, sequence, List.of(new Section(0, 0, Collections.nCopies(calls, call))));
    }

    private static EntryRecord entry(UUID session) {
        return entry(session, 1, 2);
    }

    private static int repeated(ProducerPositions producers, EntryRecord entry) {
        return producers.repeated(entry, entry.section(0));
    }

    private boolean isRepetition(EntryRecord entry) {
        int repeated = repeated(producers, entry);
        assertTrue(repeated == 0 || repeated == 2, "all or none");
        return repeated == 2;
    }

    private void read(EntryRecord entry) {
        producers.read(entry, entry.section(0), now);
    }

    private void readAndPass(UUID session) {
        readAndPass(entry(session));
    }

    private void readAndPass(EntryRecord entry) {
        read(entry);
        producers.passedLow(entry.session(), entry.reached(entry.section(0)), now, changes);
    }

    /** The sessions that the change removes from Redis. */
    private Set<String> forgotten() {
        List<Object> arguments = new ArrayList<>();
        changes.seal();
        changes.appendTo(arguments);
        List<String> texts =
                arguments.stream().map(one -> new String((byte[]) one)).toList();
        int at = 0;
        for (int width : new int[] {2, 1, 2}) {
            at += 1 + width * Integer.parseInt(texts.get(at));
        }
        return new HashSet<>(texts.subList(at + 1, at + 1 + Integer.parseInt(texts.get(at))));
    }

    @Test
    void anOwnerThatKeepsItsLaneForgetsProducersThatAreGone() {
        Set<String> sessions = new HashSet<>();
        for (int day = 0; day < 30; day++) {
            for (int start = 0; start < 24; start++) {
                UUID session = UUID.randomUUID();
                sessions.add(session.toString());
                readAndPass(session);
                // the reading and the end of a call are not the same moment
                now += HOUR;
            }
        }

        sessions.removeAll(forgotten());
        assertTrue(sessions.size() <= 2, sessions.size() + " kept");
    }

    @Test
    void aProducerIsKeptForAnHourAndWhileItsCallsWait() {
        UUID gone = UUID.randomUUID();
        UUID waiting = UUID.randomUUID();
        readAndPass(gone);
        readAndPass(waiting);
        read(entry(waiting, 2, 2));
        now += HOUR;
        readAndPass(UUID.randomUUID());
        assertEquals(Set.of(), forgotten());
        assertTrue(isRepetition(entry(gone)));

        now += HOUR;
        readAndPass(UUID.randomUUID());

        assertTrue(forgotten().contains(gone.toString()));
        assertFalse(forgotten().contains(waiting.toString()));
        assertFalse(isRepetition(entry(gone)));
        assertTrue(isRepetition(entry(waiting)));
    }

    @Test
    void anEntryOfANumberedSessionIsARepetitionInWholeInPartOrNotAtAll() {
        assertEquals(0, repeated(producers, entry(SOURCE, 5, 3)), "nothing was read");
        read(entry(SOURCE, 5, 3));

        assertEquals(3, repeated(producers, entry(SOURCE, 5, 3)));
        assertEquals(1, repeated(producers, entry(SOURCE, 7, 1)));
        assertEquals(2, repeated(producers, entry(SOURCE, 1, 2)));
        assertEquals(3, repeated(producers, entry(SOURCE, 5, 5)));
        assertEquals(1, repeated(producers, entry(SOURCE, 7, 5)));
        assertEquals(0, repeated(producers, entry(SOURCE, 8, 5)));
        assertEquals(0, repeated(producers, entry(SOURCE, 100, 5)));
        assertEquals(0, repeated(producers, entry(UUID.nameUUIDFromBytes(new byte[] {2}), 5, 3)), "another source");
    }

    @Test
    void numbersCountFromTheFirstSectionOfAnEntry() {
        CallRecord call = new CallRecord("call", null, false, new byte[0]);
        EntryRecord entry = new EntryRecord(
                SOURCE, 5, List.of(new Section(3, 0, List.of(call, call)), new Section(0, 2, List.of(call, call))));
        read(entry(SOURCE, 5, 3));

        assertEquals(1, repeated(producers, entry), "7 is a repetition, 8 is not");
        read(entry);
        assertEquals(4, repeated(producers, entry(SOURCE, 5, 5)), "the last was 8");
    }

    @Test
    void aSuccessorFindsTheSameRepetitions() {
        readAndPass(entry(SOURCE, 5, 3));
        read(entry(SOURCE, 5, 5));
        assertEquals(5, repeated(producers, entry(SOURCE, 5, 5)));

        // the entry above low is read again
        ProducerPositions successor = new ProducerPositions();
        successor.load(Map.of(SOURCE, new ProducerProgress(7, now)));

        assertEquals(3, repeated(successor, entry(SOURCE, 5, 5)));
    }

    @Test
    void aNumberedSessionIsNotForgotten() {
        UUID control = UUID.randomUUID();
        readAndPass(entry(SOURCE, 5, 3));
        readAndPass(control);
        now += 1_000 * HOUR;
        readAndPass(UUID.randomUUID());

        assertEquals(Set.of(control.toString()), forgotten());
        assertEquals(3, repeated(producers, entry(SOURCE, 5, 5)));
    }
}
