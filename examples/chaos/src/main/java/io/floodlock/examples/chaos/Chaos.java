package io.floodlock.examples.chaos;

import io.floodlock.examples.kit.Progress;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

/** One system under faults, {@code examples/run chaos NAME}; {@link ChaosMain} lists them. */
interface Chaos {

    String name();

    /**
     * Runs the system under faults for that long, waits until what was acknowledged is done, and counts what is wrong.
     *
     * @param agent false is the control: the same run unprotected, which must show violations
     * @param random decides every fault
     */
    Outcome run(boolean agent, Duration time, Random random, Progress progress) throws Exception;

    /**
     * How a run went.
     *
     * @param faults injected, by kind
     * @param operations acknowledged
     * @param details what the violations are, for people
     */
    record Outcome(Map<String, Integer> faults, long operations, long violations, String details) {}
}
