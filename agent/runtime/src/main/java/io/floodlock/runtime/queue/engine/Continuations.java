package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.thread.BodyThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what the application hangs on the futures of one queue, on platform threads: as many at once as the queue has
 * workers, and more while some block, as these may wait for results behind them; eight times as many at most.
 * {@link QueueThreads} makes it where the JDK has no virtual threads. Thread-safe.
 */
final class Continuations implements Executor {

    static final int STUCK_PER_WORKER = 8;

    private static final Logger log = LoggerFactory.getLogger(Continuations.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String queue;
    private final int most;
    private final BodyThreads threads;
    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

    Continuations(String queue, int workers) {
        this.queue = queue;
        this.most = STUCK_PER_WORKER * workers;
        this.threads = new BodyThreads("floodlock-queue-results", workers, most);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
        long until = quietUntil.get();
        long now = System.nanoTime();
        if (now - until >= 0 && threads.isFull() && quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
            log.warn(
                    "Results of calls of queue {} wait: {} continuations of its futures block. Give those that wait an"
                            + " executor of the application's (thenApplyAsync, thenComposeAsync), or raise the"
                            + " queue's workers.",
                    queue,
                    most);
        }
    }
}
