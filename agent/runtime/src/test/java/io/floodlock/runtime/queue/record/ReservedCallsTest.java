package io.floodlock.runtime.queue.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReservedCallsTest {

    private static String there(Set<Long> ordinals, Set<Long> parked) {
        ReservedCalls calls = new ReservedCalls(new TreeSet<>(ordinals), new TreeSet<>(parked));
        assertEquals(calls, ReservedCalls.parse(calls.toString()));
        return calls.toString();
    }

    @Test
    void itComesBackAsRanges() {
        assertEquals(";", there(Set.of(), Set.of()));
        assertEquals("0-2,7;5", there(Set.of(0L, 1L, 2L, 7L), Set.of(5L)));
        assertEquals(";0,2", there(Set.of(), Set.of(0L, 2L)));
    }

    @Test
    void damagedTextIsRefused() {
        for (String text : new String[] {"", "1000", "a;", "5-3;", "-1;", "0-99999999999;"}) {
            assertThrows(MalformedRecordException.class, () -> ReservedCalls.parse(text), text);
        }
    }
}
