package io.floodlock.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterleavedRoundsTest {

    @Test
    void turnsTheOrderAndDropsTheFirstRound() throws Exception {
        List<String> order = new ArrayList<>();
        Iterator<Double> ours = List.of(1.0, 10.0, 30.0).iterator();
        Iterator<Double> theirs = List.of(1.0, 5.0, 10.0).iterator();
        Map<String, Series> series = new InterleavedRounds(2)
                .variant("a", () -> {
                    order.add("a");
                    return Sample.of(ours.next());
                })
                .variant("b", () -> {
                    order.add("b");
                    return Sample.of(theirs.next());
                })
                .run();
        assertEquals(List.of("a", "b", "b", "a", "a", "b"), order);
        assertEquals(20, series.get("a").median());
        assertEquals(2.5, series.get("a").ratioTo(series.get("b")));
        assertEquals(12.5, series.get("a").differenceTo(series.get("b")));
    }

    @Test
    void loadCountsAndTimesEveryOperation() throws Exception {
        Sample sample = Load.run(2, Duration.ofMillis(20), thread -> Thread.onSpinWait());
        assertTrue(sample.value() > 0);
        assertTrue(sample.nanos().getTotalCount() > 0);
    }

    @Test
    void printsCasesAndGoalsInOneShape() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Report report = new Report(new PrintStream(out));
        Series ours = new Series();
        Series theirs = new Series();
        ours.add(Sample.of(250));
        theirs.add(Sample.of(100));
        report.operations("hot.floodlock", ours);
        report.ratioGoal("hot", ours, "RLock", theirs, Report.Want.atLeast(3));
        report.differenceGoal("start", ours, "none", theirs, Report.Want.atMost(150));
        assertEquals(
                List.of(
                        "hot.floodlock ops/s(250 250 250)",
                        "goal hot ours 250 peer RLock 100 ratio 2.50 want >=3 short",
                        "goal start ours 250 peer none 100 diff 150 want <=150 met"),
                out.toString().lines().toList());
    }
}
