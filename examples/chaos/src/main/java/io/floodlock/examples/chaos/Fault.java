package io.floodlock.examples.chaos;

import java.time.Duration;
import java.util.Random;

/** Something that goes wrong, from outside. */
@FunctionalInterface
interface Fault {

    /** Lets it happen, and sees to it that it ends; false if it can't happen now. */
    boolean inject() throws Exception;

    /** From a tenth of {@code most} to all of it. */
    static Duration within(Random random, Duration most) {
        return most.dividedBy(10).plus(most.multipliedBy(random.nextInt(900)).dividedBy(1_000));
    }
}
