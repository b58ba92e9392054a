package io.floodlock.examples.chaos;

import java.time.Duration;
import java.util.Random;

/**
 * Faults one after the other and into each other, in groups; after each group everything must work again. A group begins with
 * the fault that no lock survives and every application meets, so that short runs have it too, and on a fleet that is whole.
 */
final class Storm {

    private static final int GROUP = 4;
    private static final int LONGER = 4;
    private static final int SHORTEST_PAUSE_MILLIS = 50;
    private static final int PAUSE_RANGE_MILLIS = 400;

    private Storm() {}

    /** What a run must have shown. */
    interface Goal {
        boolean isReached() throws Exception;
    }

    /**
     * Returns with a fleet that works again, or has been complained of.
     *
     * @param goal without it the storm lasts up to some times longer: a control may be lucky for a while
     */
    static void blow(Fleet fleet, Faults faults, Random random, Duration time, Goal goal) throws Exception {
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        long last = begin + time.toNanos() * LONGER;
        while (System.nanoTime() - end < 0 || System.nanoTime() - last < 0 && !goal.isReached()) {
            faults.injectFirst();
            for (int i = 1; i < GROUP; i++) {
                fleet.work(Duration.ofMillis(SHORTEST_PAUSE_MILLIS + random.nextInt(PAUSE_RANGE_MILLIS)));
                faults.inject(random);
            }
            fleet.calm();
        }
    }
}
