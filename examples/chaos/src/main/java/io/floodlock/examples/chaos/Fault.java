package io.floodlock.examples.chaos;

import java.time.Duration;
import java.util.Random;

/** A fault that is caused from outside the process. */
@FunctionalInterface
interface Fault {

    /** Causes the fault and schedules its end. Returns false if the fault can't happen now, or counts itself later. */
    boolean inject() throws Exception;

    /** A random duration from a tenth of {@code most} to {@code most}. */
    static Duration within(Random random, Duration most) {
        return most.dividedBy(10).plus(most.multipliedBy(random.nextInt(900)).dividedBy(1_000));
    }
}
