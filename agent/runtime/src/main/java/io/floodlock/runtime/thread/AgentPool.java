package io.floodlock.runtime.thread;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of at most so many threads, which end when idle for ten seconds. Once shut down it drops what it is given. A task that
 * fails ends no thread, and a task is kept where no thread can be made for it now: another of the pool, or the next task's, runs
 * it.
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
                LOG.error("A task of the agent failed", e);
            } catch (Throwable noMemory) {
                // not even for a log line
            }
        }
    }
}
