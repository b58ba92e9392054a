package io.floodlock.runtime.redis.command;

import io.floodlock.runtime.thread.StackRoom;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Sends the requests of one connection, and lists each until it is answered or has failed. So every request ends, even
 * one that Redisson has lost. {@code LiveConnection} has one; {@code RedisGateway} sends by it, and
 * {@code ConnectionWatch} ends overdue requests. Thread-safe.
 */
public final class PendingRequests {
    /*
     * Redisson updates several structures when it sends: a permit of the connection, entries of a pool, promises with
     * their callbacks, a timeout on its timer. An Error in the middle of that (stack overflow, out of memory) loses the
     * permit, or ends the thread that would have completed a promise, and the caller would wait forever. Hence:
     *
     *   sending    happens on the I/O thread, whose stack is shallow and which has to be woken to send anyway. The
     *              caller only adds the request to that thread's task queue. An Error between the two steps of this
     *              addition would block the queue for all callers. So the caller's stack is checked first; if it is
     *              too deep, nothing is sent.
     *   SENT       until the request is answered or has failed. It is listed, so that it ends even if Redisson has
     *              lost it:
     *     -> ANSWERED / FAILED   by Redisson, within its timeout
     *     -> OVERDUE             by the watch, a moment later: an ordinary failure. A later answer is dropped.
     *                            Requests whose failure could not be recorded for lack of memory end here too
     *     -> ENDED               the connection is given up
     * The first of these counts.
     */

    /** Sends one request; called on the I/O thread. */
    public interface Sending {
        CompletionStage<List<Object>> send();
    }

    /** Several times the stack, in bytes, that netty needs to queue a task and wake its thread. */
    private static final int HANDOVER_ROOM = 8_000;

    private static final int FILLS = 1_024;

    private final String address;
    private final EventExecutor io;
    private final RequestHealth health;
    private final Set<Request> underWay = ConcurrentHashMap.newKeySet();

    /** @param address for messages */
    public PendingRequests(String address, EventExecutor io, RequestHealth health) {
        this.address = address;
        this.io = io;
        this.health = health;
    }

    /**
     * Sends a request, unless this thread's stack is used up: then a StackOverflowError is thrown and nothing is sent.
     *
     * @param unknown sends the same with the script's text, if Redis does not have the script; null if it needs no
     *     script
     */
    public CompletableFuture<List<Object>> send(Sending sending, Sending unknown) {
        boolean here = io.inEventLoop();
        Request request = new Request(sending, unknown);
        if (!here) {
            StackRoom.require(HANDOVER_ROOM, request.sent % FILLS == 0);
        }
        underWay.add(request);
        try {
            if (here) {
                // at once, to keep the order in which this thread sends
                request.run();
            } else {
                io.execute(request);
            }
        } catch (RuntimeException | Error e) {
            request.fail(e);
        }
        return request;
    }

    /** Fails the requests that Redisson should have ended by now. */
    public void endOverdue(long nanos) {
        long now = System.nanoTime();
        for (Request request : underWay) {
            if (now - request.sent > nanos) {
                request.fail(new LostRequestException("a request had neither an answer nor a failure after "
                        + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms"));
            }
        }
    }

    /** Fails all requests, as the connection is given up. */
    public void endAll() {
        for (Request request : underWay) {
            request.fail(new LostRequestException("the connection was given up before the answer arrived"));
        }
    }

    private final class Request extends CompletableFuture<List<Object>>
            implements Runnable, BiConsumer<List<Object>, Throwable> {

        private final Sending sending;
        private final long sent = System.nanoTime();
        private Sending unknown;

        Request(Sending sending, Sending unknown) {
            this.sending = sending;
            this.unknown = unknown;
        }

        @Override
        public void run() {
            send(sending);
        }

        private void send(Sending how) {
            try {
                how.send().whenComplete(this);
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        @Override
        public void accept(List<Object> answer, Throwable failure) {
            if (failure == null) {
                health.answered();
                complete(answer);
                underWay.remove(this);
            } else if (unknown != null && RedisErrors.unknownScript(failure)) {
                Sending whole = unknown;
                unknown = null;
                send(whole);
            } else {
                fail(failure);
            }
        }

        /** The request stays listed until it has ended: if memory is lacking for that, the watch ends it. */
        void fail(Throwable why) {
            if (!isDone()) {
                Throwable cause = RedisErrors.unwrap(why);
                if (RequestHealth.isAnswer(cause)) {
                    health.answered();
                } else {
                    health.failed(cause);
                }
                completeExceptionally(explained(cause));
            }
            underWay.remove(this);
        }

        /**
         * The failure for the caller. What is linked or initialized for the first time in a full heap fails for good
         * (JVMS 5.4.3 and 5.5), but the request must end.
         */
        private Throwable explained(Throwable cause) {
            try {
                return RedisErrors.explain(address, cause);
            } catch (LinkageError e) {
                cause.addSuppressed(e);
                return cause;
            }
        }
    }
}
