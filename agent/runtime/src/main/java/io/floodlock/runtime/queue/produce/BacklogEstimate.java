package io.floodlock.runtime.queue.produce;

/**
 * A producer's estimate of a lane's backlog: the calls that all producers have sent less those that the owner has
 * finished, as last read from Redis, plus the calls that this producer has sent since. {@link CapacityGate} has one for
 * each lane. Guarded by its producer's lock.
 */
final class BacklogEstimate {

    private long heard;
    private long sentSince;

    void sent(int calls) {
        sentSince += calls;
    }

    void heard(long backlog, long stillUnderWay) {
        heard = Math.max(0, backlog);
        sentSince = stillUnderWay;
    }

    long estimate() {
        return heard + sentSince;
    }
}
