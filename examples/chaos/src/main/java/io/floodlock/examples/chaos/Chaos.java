package io.floodlock.examples.chaos;

import io.floodlock.examples.kit.Progress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/** One system under faults, {@code examples/run chaos NAME}; {@link ChaosMain} lists them. */
interface Chaos {

    String name();

    /** What it is run with, in this order, and for which share of the time; the rest is for starting servers and settling. */
    default Map<Variant, Double> shares() {
        Map<Variant, Double> shares = new EnumMap<>(Variant.class);
        shares.put(Variant.PROTECTED, 0.55);
        shares.put(Variant.CONTROL, 0.15);
        return shares;
    }

    /**
     * Runs the system under faults for that long, waits until what was acknowledged is done, and counts what is wrong.
     *
     * @param random decides every fault
     */
    Outcome run(Variant variant, Duration time, Random random, Progress progress) throws Exception;

    /**
     * How a run went.
     *
     * @param faults injected, by kind
     * @param operations acknowledged
     * @param details what the violations are, for people
     */
    record Outcome(Map<String, Integer> faults, long operations, long violations, String details) {}
}
