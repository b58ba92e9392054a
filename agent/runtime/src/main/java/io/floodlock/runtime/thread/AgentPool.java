package io.floodlock.runtime.thread;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool with a maximum number of threads, which end when idle for ten seconds. Once shut down it discards new tasks.
 * {@link AgentThreads} makes it.
 *
 * <p>A task that fails ends no thread. If no thread can be made for a task, for lack of memory, the task is kept:
 * another thread of the pool, or that of a later task, runs it.
 */
final class AgentPool extends ThreadPoolExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(AgentPool.class);

    AgentPool(int threads, ThreadFactory factory) {
        super(threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory, new DiscardPolicy());
        allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        Runnable surviving = () -> run(task);
        try {
            super.execute(surviving);
        } catch (OutOfMemoryError e) {
            getQueue().add(surviving);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            try {
                LOG.error("A task failed on an agent thread; its pool goes on", e);
            } catch (Throwable noMemory) {
                // no memory even for a log line
            }
        }
    }
}
