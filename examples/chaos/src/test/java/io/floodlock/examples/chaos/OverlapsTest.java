package io.floodlock.examples.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The referee of sections. */
class OverlapsTest {

    private static final long LEASE = 100;

    private final Amnesia amnesia = new Amnesia(LEASE);
    private final Overlaps overlaps = new Overlaps(amnesia);

    @Test
    void findsTwoInsideAtOnceInWhateverOrderTheyAreTold() {
        exclusive("a", 30, 40);
        exclusive("a", 10, 20);
        assertEquals(0, overlaps.found());
        exclusive("a", 19, 31);
        assertEquals(2, overlaps.found());
        assertEquals(3, overlaps.sections());
        assertEquals(2, overlaps.examples().size());
    }

    @Test
    void oneMayBeginWhereAnotherEnds() {
        exclusive("a", 10, 20);
        exclusive("a", 20, 30);
        assertEquals(0, overlaps.found());
    }

    @Test
    void sharedOnesMayMeetEachOtherButNoExclusiveOne() {
        shared("a", 10, 20);
        shared("a", 15, 25);
        assertEquals(0, overlaps.found());
        exclusive("a", 18, 19);
        assertEquals(2, overlaps.found());
    }

    @Test
    void keysAreApart() {
        exclusive("a", 10, 20);
        exclusive("b", 10, 20);
        assertEquals(0, overlaps.found());
    }

    @Test
    void whatRedisCouldNotKnowIsExcusedForALeaseAndNoLonger() {
        amnesia.begins(1_000);
        exclusive("a", 900, 1_150);
        exclusive("a", 1_050, 1_300);
        assertEquals(1, overlaps.excused(), "it isn't over");
        amnesia.ends(1_060);
        exclusive("b", 900, 1_150);
        exclusive("b", 1_050, 1_300);
        assertEquals(2, overlaps.excused());
        exclusive("c", 900, 1_161);
        exclusive("c", 1_050, 1_300);
        assertEquals(1, overlaps.found(), "the first has had a lease's time to learn that it is lost");
        exclusive("d", 900, 1_100);
        exclusive("d", 950, 1_300);
        assertEquals(2, overlaps.found(), "both were inside before");
    }

    private void exclusive(String key, long entered, long left) {
        overlaps.add(new Section(key, false, 1, entered, left));
    }

    private void shared(String key, long entered, long left) {
        overlaps.add(new Section(key, true, 2, entered, left));
    }
}
