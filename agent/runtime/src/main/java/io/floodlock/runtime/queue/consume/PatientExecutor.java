package io.floodlock.runtime.queue.consume;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands tasks to a pool and loses none. A pool refuses a task if it can't make a thread: the operating system or the
 * container allows no more. The task is then given again after a pause, until the timer is shut down. Its callers are
 * threads that must not fail: the timer, those of Redis, and the application's. Thread-safe; never throws.
 */
public final class PatientExecutor implements Executor {

    /** What to do about a thread that can't be made, for messages. */
    public static final String REMEDY =
            "Raise the limit of threads (ulimit -u, pids.max of the container) or its memory, or"
                    + " lower the workers of queues.";

    static final long PAUSE_MS = 200;

    private static final Logger log = LoggerFactory.getLogger(PatientExecutor.class);

    private final Executor pool;
    private final ScheduledExecutorService timer;

    /** Whether the pool refused the last task; it is logged once. */
    private volatile boolean refused;

    public PatientExecutor(Executor pool, ScheduledExecutorService timer) {
        this.pool = pool;
        this.timer = timer;
    }

    @Override
    public void execute(Runnable task) {
        try {
            pool.execute(task);
            refused = false;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            later(task, e);
        }
    }

    private void later(Runnable task, Throwable why) {
        if (timer.isShutdown()) {
            // the engine is closed: its lanes have been given up, and their next owners do the work
            return;
        }
        if (!refused) {
            refused = true;
            log.warn(
                    "A step of the queues waits, as no thread can be made ({}); the agent tries again each {} ms. {}",
                    why.getMessage(),
                    PAUSE_MS,
                    REMEDY);
        }
        try {
            timer.schedule(() -> execute(task), PAUSE_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("The queue engine is closed");
        }
    }
}
