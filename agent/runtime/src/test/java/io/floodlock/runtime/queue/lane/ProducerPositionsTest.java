package io.floodlock.runtime.queue.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.store.LaneChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ProducerPositionsTest {

    private static final long HOUR = 3_600_000;

    private final ProducerPositions producers = new ProducerPositions();
    private final LaneChange changes = new LaneChange();
    private long now = 1_800_000_000_000L;

    private static EntryRecord entry(UUID session) {
        return new EntryRecord(session, 1, List.of());
    }

    private void readAndPass(UUID session) {
        producers.read(entry(session), now);
        producers.passedLow(session, 1, now, changes);
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
        producers.read(new EntryRecord(waiting, 2, List.of()), now);
        now += HOUR;
        readAndPass(UUID.randomUUID());
        assertEquals(Set.of(), forgotten());
        assertTrue(producers.isRepetition(entry(gone)));

        now += HOUR;
        readAndPass(UUID.randomUUID());

        assertTrue(forgotten().contains(gone.toString()));
        assertFalse(forgotten().contains(waiting.toString()));
        assertFalse(producers.isRepetition(entry(gone)));
        assertTrue(producers.isRepetition(entry(waiting)));
    }
}
