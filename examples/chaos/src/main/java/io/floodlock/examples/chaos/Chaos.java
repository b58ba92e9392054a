package io.floodlock.examples.chaos;

import io.floodlock.examples.kit.Progress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/** One system under faults, run by {@code examples/run chaos NAME}. {@link ChaosMain} lists all of them. */
interface Chaos {

    String name();

    /**
     * The variants of the run, in this order, and the share of the time that each gets. The rest of the time is for
     * starting servers and settling.
     */
    default Map<Variant, Double> shares() {
        Map<Variant, Double> shares = new EnumMap<>(Variant.class);
        shares.put(Variant.PROTECTED, 0.55);
        shares.put(Variant.CONTROL, 0.15);
        return shares;
    }

    /**
     * Runs the system under faults for this time, waits until all acknowledged work is done, and counts the
     * violations.
     *
     * @param random determines every fault
     */
    Outcome run(Variant variant, Duration time, Random random, Progress progress) throws Exception;

    /**
     * The result of a run.
     *
     * @param faults the number of injected faults, by kind
     * @param operations the number of acknowledged operations
     * @param details a description of the violations, for people
     */
    record Outcome(Map<String, Integer> faults, long operations, long violations, String details) {}
}
