package io.floodlock.examples.bench.queues;

import io.floodlock.Queued;

/** A queued method whose body only counts; the agent weaves it. */
public final class QueuedWork implements QueueKind {

    private static final Arrivals ARRIVALS = new Arrivals();

    @Override
    public void send(byte[] payload) {
        accept(payload);
    }

    @Override
    public Arrivals arrivals() {
        return ARRIVALS;
    }

    @Queued(queue = "bench", name = "accept", waitTime = "1m", capacity = 10_000_000)
    static void accept(byte[] payload) {
        ARRIVALS.accept(payload);
    }
}
