package io.floodlock.runtime.thread;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the agent's threads: daemons, so that none keeps the application's JVM alive, under the agent's own context loader
 * and without the maker's inheritable thread-locals and access control context, so that none holds on to an application.
 * Thread-safe.
 */
public final class AgentThreads implements ThreadFactory, Executor {

    private final String name;
    private final AtomicInteger made = new AtomicInteger();

    /** @param name of the first thread; later ones get a number */
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

    /** At most {@code threads} of these threads, which end when idle for ten seconds. Once shut down it drops what it is given. */
    public ExecutorService pool(int threads) {
        return new AgentPool(threads, this);
    }

    /** One thread, not started. */
    // until Java 23 a thread keeps the protection domains, and so the class loaders, of all that its maker runs in
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
