package io.floodlock.runtime.queue.produce;

/**
 * A producer's estimate of a stream's unfinished calls: the number that Redis has last reported, plus the calls that
 * this producer has sent since. {@link CapacityGate} has one for each stream. Guarded by its producer's lock.
 */
final class BacklogEstimate {

    private long heard;
    private long sentSince;
    private long askedAt;

    BacklogEstimate(long askedAt) {
        this.askedAt = askedAt;
    }

    void sent(int calls) {
        sentSince += calls;
    }

    /** @param underWay calls of this producer that Redis has not counted yet */
    void heard(long unfinished, long underWay, long now) {
        heard = Math.max(0, unfinished);
        sentSince = underWay;
        askedAt = now;
    }

    /** Redis was asked and gave no number, so the last one still counts. */
    void unanswered(long now) {
        askedAt = now;
    }

    /** When Redis was last asked, as {@link System#nanoTime()}. */
    long askedAt() {
        return askedAt;
    }

    long estimate() {
        return heard + sentSince;
    }
}
