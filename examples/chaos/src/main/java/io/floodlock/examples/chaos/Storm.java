package io.floodlock.examples.chaos;

import java.time.Duration;
import java.util.Random;

/**
 * Faults one after the other and into each other, in groups; after each group everything must work again. A group begins with
 * the fault that no lock survives and every application meets, so that short runs have it too, and on a fleet that is whole.
 */
final class Storm {

    private static final int GROUP = 4;
    private static final int SHORTEST_PAUSE_MILLIS = 50;
    private static final int PAUSE_RANGE_MILLIS = 400;

    private Storm() {}

    /** Returns with a fleet that works again, or has been complained of. */
    static void blow(Fleet fleet, Faults faults, Random random, Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            faults.injectFirst();
            for (int i = 1; i < GROUP; i++) {
                fleet.work(Duration.ofMillis(SHORTEST_PAUSE_MILLIS + random.nextInt(PAUSE_RANGE_MILLIS)));
                faults.inject(random);
            }
            fleet.calm();
        }
    }
}
