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

/** The queues' thread pools. */
final class QueueThreads {

    private QueueThreads() {}

    /** For timers: short, never blocking actions. */
    static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(1, new AgentThreads("floodlock-queue-timer"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return timer;
    }

    /** For actions that wait for Redis, each queue's apart from the others'. */
    static ExecutorService control() {
        return pool("floodlock-queue-control");
    }

    /** For bodies of the application; how many run at once is the consumer's business. Virtual where the JDK has them. */
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

    /** Null before JDK 21. */
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
