package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.thread.AgentThreads;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Creates the thread pools of the queues for {@link StoredQueueEngine}. */
final class QueueThreads {

    private QueueThreads() {}

    /** For short timer actions that never block. */
    static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(1, new AgentThreads("floodlock-queue-timer"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return timer;
    }

    /** For actions that may wait for Redis. The pool is unbounded, so one queue does not delay another. */
    static ExecutorService control() {
        return pool("floodlock-queue-control");
    }

    /**
     * For bodies of the application. The consumer limits how many run at once. Virtual threads where the JDK has
     * them.
     */
    static ExecutorService workers() {
        ThreadFactory virtual = virtual("floodlock-queue-worker-");
        if (virtual == null) {
            return pool("floodlock-queue-worker");
        }
        try {
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, virtual);
        } catch (ReflectiveOperationException e) {
            return pool("floodlock-queue-worker");
        }
    }

    private static ExecutorService pool(String name) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), new AgentThreads(name));
    }

    /** A factory of virtual threads; null before JDK 21. */
    private static ThreadFactory virtual(String prefix) {
        try {
            Class<?> builders = Class.forName("java.lang.Thread$Builder");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            builder = builders.getMethod("name", String.class, long.class).invoke(builder, prefix, 1L);
            builder = builders.getMethod("inheritInheritableThreadLocals", boolean.class)
                    .invoke(builder, false);
            return (ThreadFactory) builders.getMethod("factory").invoke(builder);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException e) {
            return null;
        }
    }
}
