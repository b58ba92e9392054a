package io.floodlock.runtime.redis.connection;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.redisson.client.handler.CommandPubSubDecoder;

/**
 * The executor of a Redisson client's tasks. It runs the listeners of channel messages on the thread that read the
 * message: to wake another thread costs as much as the transfer from Redis, and a {@code ChannelListener} does not
 * block. All other tasks go to the executor that it was made with. {@link ClientConfig} installs it.
 */
final class InlinePushExecutor extends AbstractExecutorService {

    private final ExecutorService others;

    InlinePushExecutor(ExecutorService others) {
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
