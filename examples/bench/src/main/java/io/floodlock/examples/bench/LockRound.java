package io.floodlock.examples.bench;

import io.floodlock.examples.bench.locks.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/** The results of all JVMs with one kind of lock in one round, one outcome per task. */
record LockRound(List<Outcome> outcomes) {

    /** The result of one task alone. */
    LockRound only(int task) {
        return new LockRound(List.of(outcomes.get(task)));
    }

    /** Sections and refusals per second, over all tasks. */
    double rate() {
        return outcomes.stream().mapToDouble(LockRound::rate).sum();
    }

    static double rate(Outcome outcome) {
        return (outcome.sections() + outcome.refused()) / outcome.seconds();
    }

    Sample sample() {
        return new Sample(rate(), operations());
    }

    Histogram operations() {
        return merged(Outcome::operations);
    }

    double operationMillis(double percentile) {
        return operations().getValueAtPercentile(percentile) / 1e6;
    }

    /** Milliseconds of the acquisitions that waited for another thread's section; 0 if none waited. */
    double waitMillis(double percentile) {
        return merged(Outcome::waits).getValueAtPercentile(percentile) / 1e6;
    }

    private Histogram merged(Function<Outcome, String> which) {
        Histogram all = Load.histogram();
        outcomes.forEach(outcome -> all.add(Outcome.histogram(which.apply(outcome))));
        return all;
    }

    double roundTripsPerSection() {
        return outcomes.stream().mapToDouble(Outcome::roundTrips).sum()
                / outcomes.stream().mapToDouble(Outcome::sections).sum();
    }

    /** The number of operations of the thread with the fewest, divided by the average over all threads. */
    double smallestShareOfThread() {
        long[] threads = outcomes.stream()
                .flatMapToLong(outcome -> Arrays.stream(outcome.perThread()))
                .toArray();
        return Arrays.stream(threads).min().orElseThrow()
                / Arrays.stream(threads).average().orElseThrow();
    }

    /** The smallest share of one JVM in the sections of one whole second. */
    double smallestShareOfJvm() {
        int seconds =
                (int) outcomes.stream().mapToDouble(Outcome::seconds).min().orElseThrow();
        double smallest = 1;
        for (int second = 0; second < seconds; second++) {
            int at = second;
            long[] jvms = outcomes.stream()
                    .mapToLong(outcome -> outcome.perSecond()[at])
                    .toArray();
            double sum = Arrays.stream(jvms).sum();
            smallest = Math.min(smallest, Arrays.stream(jvms).min().orElseThrow() / sum);
        }
        return smallest;
    }
}
