package io.floodlock.examples.bench.queues;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Pools of threads with a bounded queue. Callers wait while it is full: without the bound they would fill memory. */
final class BoundedPool {

    private BoundedPool() {}

    static ThreadPoolExecutor of(int threads, int capacity) {
        return new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(capacity),
                // the pool itself would reject the task
                BoundedPool::enqueue);
    }

    private static void enqueue(Runnable task, ThreadPoolExecutor full) {
        try {
            full.getQueue().put(task);
        } catch (InterruptedException e) {
            throw new RejectedExecutionException(e);
        }
    }
}
