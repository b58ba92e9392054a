package io.floodlock.runtime.redis;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.redisson.client.handler.CommandPubSubDecoder;

/**
 * The threads that a Redisson client runs its tasks on, but for one kind of task: what is heard on a channel is told by the
 * thread that read it. To wake another first costs as much as the way from Redis, and a {@link Subscription} doesn't block.
 */
final class PushesAtOnce extends AbstractExecutorService {

    private final ExecutorService others;

    PushesAtOnce(ExecutorService others) {
        this.others = others;
    }

    @Override
    public void execute(Runnable task) {
        if (task.getClass().getNestHost() == CommandPubSubDecoder.class) {
            task.run();
        } else {
            others.execute(task);
        }
    }

    @Override
    public void shutdown() {
        others.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return others.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return others.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return others.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return others.awaitTermination(timeout, unit);
    }
}
