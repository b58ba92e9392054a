package io.floodlock.runtime.queue.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadBudgetTest {

    private static final int MIB = 1 << 20;
    private static final int BUDGET = 16 * MIB;

    private final ReadBudget budget = new ReadBudget(BUDGET);

    private static Set<String> streams(int count) {
        Set<String> out = new TreeSet<>();
        IntStream.range(0, count).forEach(i -> out.add("lane" + i));
        return out;
    }

    /** What a read answers if each stream has more entries of that size than it may give. */
    private static long answer(ReadBudget.Portion portion, int size) {
        return (long) portion.streams().size() * portion.count() * size;
    }

    private void answered(ReadBudget.Portion portion, int size) {
        Map<String, Integer> heaviest = new HashMap<>();
        portion.streams().forEach(stream -> heaviest.put(stream, size));
        budget.answered(portion, heaviest);
    }

    @Test
    void theFirstReadOfUnknownStreamsFitsWhateverTheyHold() {
        for (int count : new int[] {1, 4, 16, 100, 1_000}) {
            assertTrue(answer(new ReadBudget(BUDGET).portion(streams(count)), MIB) <= BUDGET, count + " streams");
        }
    }

    @Test
    void largeEntriesStayWithinTheBudget() {
        for (int i = 0; i < 100; i++) {
            ReadBudget.Portion portion = budget.portion(streams(64));
            assertTrue(answer(portion, MIB) <= BUDGET, portion.toString());
            answered(portion, MIB);
        }
    }

    @Test
    void smallEntriesAreReadInLargePortionsOfAllStreams() {
        ReadBudget.Portion portion = budget.portion(streams(16));
        for (int i = 0; i < 20; i++) {
            answered(portion, 300);
            portion = budget.portion(streams(16));
        }
        assertTrue(portion.whole());
        assertEquals(8, portion.count());

        ReadBudget alone = new ReadBudget(BUDGET);
        for (int i = 0; i < 20; i++) {
            alone.answered(alone.portion(Set.of("a")), Map.of("a", 300));
        }
        assertEquals(64, alone.portion(Set.of("a")).count());
    }

    @Test
    void entriesThatGrowLargeAtOnceAreBoundedToo() {
        for (int i = 0; i < 50; i++) {
            answered(budget.portion(streams(16)), 300);
        }

        assertTrue(answer(budget.portion(streams(16)), MIB) <= 8L * BUDGET);
    }

    @Test
    void allStreamsHaveTheirTurn() {
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            ReadBudget.Portion portion = budget.portion(streams(64));
            assertFalse(portion.whole());
            taken.addAll(portion.streams());
            answered(portion, MIB);
        }
        assertEquals(streams(64), taken);
    }

    @Test
    void quietStreamsAreSoonReadTogether() {
        ReadBudget.Portion portion = budget.portion(streams(500));
        for (int i = 0; i < 300 && !portion.whole(); i++) {
            budget.answered(portion, Map.of());
            portion = budget.portion(streams(500));
        }
        assertTrue(portion.whole());
    }

    @Test
    void afterAFailureTheStreamsCountAsUnknown() {
        for (int i = 0; i < 50; i++) {
            answered(budget.portion(streams(16)), 300);
        }
        budget.failed(budget.portion(streams(16)));

        assertEquals(1, budget.portion(streams(16)).count());
    }
}
