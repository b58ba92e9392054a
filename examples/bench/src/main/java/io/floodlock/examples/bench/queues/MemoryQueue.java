package io.floodlock.examples.bench.queues;

import java.util.concurrent.Executor;

/**
 * A pool of threads with a {@link java.util.concurrent.LinkedBlockingQueue}. It stores nothing, so it shows a limit and
 * is no peer.
 */
public final class MemoryQueue implements QueueKind {

    private final Arrivals arrivals = new Arrivals();
    private final Executor pool = BoundedPool.of(16, 10_000);

    @Override
    public void send(byte[] payload) {
        pool.execute(() -> arrivals.accept(payload));
    }

    @Override
    public Arrivals arrivals() {
        return arrivals;
    }
}
