package io.floodlock.examples.chaos;

import java.time.Duration;
import java.util.Random;

/**
 * Injects faults in groups; the faults of a group may overlap. After each group every JVM must work again. Each group
 * begins on a fleet without faults, with the fault that no lock survives and every application meets, so that short
 * runs include it too.
 */
final class Storm {

    private static final int GROUP = 4;
    private static final int LONGER = 4;
    private static final int SHORTEST_PAUSE_MILLIS = 50;
    private static final int PAUSE_RANGE_MILLIS = 400;

    private Storm() {}

    /** A condition that a run must reach. */
    interface Goal {
        boolean isReached() throws Exception;
    }

    /**
     * Returns when the fleet works again, or complaints have been recorded.
     *
     * @param goal if it is not reached in time, the storm lasts up to four times as long, because a control may show
     *     no violation for a while
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
