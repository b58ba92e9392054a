package io.floodlock.examples.bench.queues;

import io.floodlock.Confirm;
import io.floodlock.Queued;

/** A queued method whose body only counts; the agent weaves it. */
public final class QueuedWork implements QueueKind {

    private static final Arrivals ARRIVALS = new Arrivals();
    private static final Arrivals ASYNC_ARRIVALS = new Arrivals();

    @Override
    public void send(byte[] payload) {
        accept(payload);
    }

    @Override
    public Arrivals arrivals() {
        return ARRIVALS;
    }

    /** Its calls return before Redis has them. */
    public static QueueKind async() {
        return QueueKind.of(QueuedWork::acceptLater, ASYNC_ARRIVALS);
    }

    @Queued(queue = "bench-async", name = "accept", waitTime = "1m", capacity = 10_000_000, confirm = Confirm.ASYNC)
    static void acceptLater(byte[] payload) {
        ASYNC_ARRIVALS.accept(payload);
    }

    @Queued(queue = "bench", name = "accept", waitTime = "1m", capacity = 10_000_000)
    static void accept(byte[] payload) {
        ARRIVALS.accept(payload);
    }
}
