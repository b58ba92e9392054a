package io.floodlock.runtime.thread;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the agent's threads. They are daemons, so none keeps the application's JVM alive. They have the agent's own
 * context class loader, and not the creator's inheritable thread-locals and access control context, so none keeps an
 * application in memory. Thread-safe.
 */
public final class AgentThreads implements ThreadFactory, Executor {

    private final String name;
    private final AtomicInteger made = new AtomicInteger();

    /** @param name the name of the first thread; later ones get a number */
    public AgentThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
        int number = made.incrementAndGet();
        return daemon(number == 1 ? name : name + "-" + number, task);
    }

    /** Runs each task on a thread of its own. */
    @Override
    public void execute(Runnable task) {
        newThread(task).start();
    }

    /**
     * A pool of at most {@code threads} of these threads, which end when idle for ten seconds. Once shut down it
     * discards new tasks.
     */
    public ExecutorService pool(int threads) {
        return new AgentPool(threads, this);
    }

    /** Makes one thread and doesn't start it. */
    // until Java 23 a thread keeps the protection domains, and so the class loaders, of all code on its creator's
    // stack
    @SuppressWarnings("removal")
    public static Thread daemon(String name, Runnable task) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
            Thread thread = new Thread(null, task, name, 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(AgentThreads.class.getClassLoader());
            return thread;
        });
    }
}
