package io.floodlock.examples.bench.queues;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A pool of threads with a {@link LinkedBlockingQueue}. It stores nothing, so it shows a limit and is no peer. */
public final class MemoryQueue implements QueueKind {

    private static final int CONSUMERS = 16;

    /** A bound: callers that are faster than the pool would fill the memory. */
    private static final int CAPACITY = 10_000;

    private final Arrivals arrivals = new Arrivals();
    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            CONSUMERS, CONSUMERS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(CAPACITY), MemoryQueue::enqueue);

    @Override
    public void send(byte[] payload) {
        pool.execute(() -> arrivals.accept(payload));
    }

    /** Waits for room; the pool itself would reject the task. */
    private static void enqueue(Runnable task, ThreadPoolExecutor full) {
        try {
            full.getQueue().put(task);
        } catch (InterruptedException e) {
            throw new RejectedExecutionException(e);
        }
    }

    @Override
    public Arrivals arrivals() {
        return arrivals;
    }
}
