package io.floodlock.runtime.queue.produce;

/**
 * What a producer last heard of a lane: calls that all producers have sent, less those its owner has finished, and what it has
 * added itself since. Guarded by its producer's lock.
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
