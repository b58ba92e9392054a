package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.queue.consume.PatientExecutor;
import io.floodlock.runtime.thread.AgentThreads;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the thread pools of the queues for {@link StoredQueueEngine}. */
final class QueueThreads {

    private static final Logger log = LoggerFactory.getLogger(QueueThreads.class);

    private QueueThreads() {}

    /** For short timer actions that never block, nor run code of the application. */
    static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new SurvivingTimer();
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return timer;
    }

    /** An action that fails is logged, and a periodic one is run again even so. */
    private static final class SurvivingTimer extends ScheduledThreadPoolExecutor {

        SurvivingTimer() {
            super(1, new AgentThreads("floodlock-queue-timer"));
            try {
                // later there may be no thread for it
                prestartCoreThread();
            } catch (OutOfMemoryError e) {
                log.warn(
                        "The timer of the queues can't start yet, as no thread can be made. {}",
                        PatientExecutor.REMEDY);
            }
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable action, long delay, TimeUnit unit) {
            return super.schedule(() -> survive(action), delay, unit);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable action, long first, long delay, TimeUnit unit) {
            return super.scheduleWithFixedDelay(() -> survive(action), first, delay, unit);
        }

        private static void survive(Runnable action) {
            try {
                action.run();
            } catch (Throwable e) {
                log.error("A timer action of the queues failed; the timer goes on", e);
            }
        }
    }

    /**
     * For what the application hangs on the futures of one queue.
     *
     * @param workers of the queue
     * @param pool {@link #workers()}; used if its threads are virtual, as any number of these may block
     */
    static Executor continuations(String queue, int workers, Executor pool) {
        return virtual("") == null ? new Continuations(queue, workers) : pool;
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
