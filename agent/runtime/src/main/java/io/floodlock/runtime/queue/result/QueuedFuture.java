package io.floodlock.runtime.queue.result;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The future of a queued call's result. {@code QueueSite} makes it for the caller. A wait for it inside a consumer of
 * the same queue is refused: the awaited call may be queued behind the waiting call, so that neither would end.
 * {@code CallRun} marks the threads of consumers.
 */
public final class QueuedFuture extends CompletableFuture<Object> {

    private static final ThreadLocal<String> CONSUMED = new ThreadLocal<>();

    private final String queue;

    /** The thread whose open transaction has made the call; null where there is none. */
    private volatile Thread maker;

    public QueuedFuture(String queue) {
        this.queue = queue;
    }

    /** The queue whose call runs on this thread, or null. */
    public static String consumedQueue() {
        return CONSUMED.get();
    }

    public static void consuming(String queue) {
        if (queue == null) {
            CONSUMED.remove();
        } else {
            CONSUMED.set(queue);
        }
    }

    @Override
    public Object join() {
        refuseOwnQueue();
        return super.join();
    }

    @Override
    public Object get() throws InterruptedException, ExecutionException {
        refuseOwnQueue();
        return super.get();
    }

    @Override
    public Object get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        refuseOwnQueue();
        return super.get(timeout, unit);
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    /** The call that it belongs to was made in a transaction of this thread, which has not ended. */
    public void madeInTransaction() {
        maker = Thread.currentThread();
    }

    /** That transaction has ended. */
    public void transactionEnded() {
        maker = null;
    }

    private void refuseOwnQueue() {
        if (!isDone() && maker == Thread.currentThread()) {
            throw new IllegalStateException("A call of queue " + queue
                    + " is stored when the transaction that has made it commits, so the transaction can't wait for its"
                    + " result. Return the future, or continue with thenApply.");
        }
        if (!isDone() && queue.equals(CONSUMED.get())) {
            throw new IllegalStateException(
                    "A consumer of queue " + queue + " tried to wait for another call of the same queue,"
                            + " which may be queued behind it. Return the future, or continue with thenApply.");
        }
    }
}
