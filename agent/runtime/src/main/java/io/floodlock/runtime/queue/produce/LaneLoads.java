package io.floodlock.runtime.queue.produce;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * A producer's estimate of how many calls wait in each lane, by which it chooses lanes for calls without a key: what
 * the lane's owner has last stated, plus what this producer has sent since. {@link CapacityGate} has one. Guarded by
 * its producer's lock.
 */
final class LaneLoads {

    private static final long ASK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final long[] stated;
    private final long[] sentSince;

    /** When the loads were last asked for, by the place of the stream in the layout. */
    private final long[] askedAt;

    private int next;

    LaneLoads(int lanes, int streams) {
        stated = new long[lanes];
        sentSince = new long[lanes];
        askedAt = new long[streams];
        Arrays.fill(askedAt, System.nanoTime() - ASK_NANOS);
    }

    /** Whether the loads of the stream's lanes should be asked for now; counts as asked from now on. */
    boolean ask(int place, long now) {
        boolean due = now - askedAt[place] >= ASK_NANOS;
        if (due) {
            askedAt[place] = now;
        }
        return due;
    }

    void stated(int lane, long load) {
        stated[lane] = load;
        sentSince[lane] = 0;
    }

    void sent(int lane, int calls) {
        sentSince[lane] += calls;
    }

    /** The lane with the smallest load among those that may be chosen; -1 if there is none. Equal lanes take turns. */
    int calmest(IntPredicate mayTake) {
        next = (next + 1) % stated.length;
        int calmest = -1;
        for (int i = 0; i < stated.length; i++) {
            int lane = (next + i) % stated.length;
            if (mayTake.test(lane) && (calmest < 0 || load(lane) < load(calmest))) {
                calmest = lane;
            }
        }
        return calmest;
    }

    private long load(int lane) {
        return stated[lane] + sentSince[lane];
    }
}
