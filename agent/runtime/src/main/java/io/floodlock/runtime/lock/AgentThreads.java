package io.floodlock.runtime.lock;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The engine's own threads: daemons, and no hold on the application's class loaders. */
final class AgentThreads implements Executor, AutoCloseable {

    private final ExecutorService pool;

    AgentThreads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                2, 2, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> daemon("floodlock-locks", task));
        threads.allowCoreThreadTimeOut(true);
        pool = threads;
    }

    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(AgentThreads.class.getClassLoader());
        return thread;
    }

    @Override
    public void execute(Runnable task) {
        if (!pool.isShutdown()) {
            pool.execute(task);
        }
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
