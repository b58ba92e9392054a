package io.floodlock.runtime.time;

import io.floodlock.runtime.thread.AgentThreads;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link Scheduler} of the lock engine: one thread, {@code floodlock-timer}, made when the first task is
 * scheduled. A task that fails is logged and stops no other. Thread-safe.
 */
public final class AgentScheduler implements Scheduler {

    private static final Logger log = LoggerFactory.getLogger(AgentScheduler.class);

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, new AgentThreads("floodlock-timer"), new ThreadPoolExecutor.DiscardPolicy());

    public AgentScheduler() {
        // most tasks are cancelled: they are deadlines that were met
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Task after(long nanos, Runnable task) {
        Future<?> scheduled = thread.schedule(() -> run(task), nanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            log.error("A scheduled task failed on the thread floodlock-timer; later tasks still run", e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
