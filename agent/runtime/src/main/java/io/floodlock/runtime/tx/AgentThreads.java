package io.floodlock.runtime.tx;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the threads of this package: daemons, which keep nothing of the application's loaders alive. */
final class AgentThreads implements ThreadFactory {

    private final String name;
    private final AtomicInteger made = new AtomicInteger();

    AgentThreads(String name) {
        this.name = "floodlock-tx-" + name;
    }

    @Override
    public Thread newThread(Runnable task) {
        int number = made.incrementAndGet();
        Thread thread = new Thread(null, task, number == 1 ? name : name + "-" + number, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(AgentThreads.class.getClassLoader());
        return thread;
    }
}
