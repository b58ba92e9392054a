package io.floodlock.runtime.redis;

import io.floodlock.runtime.thread.StackRoom;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** The requests that go over one connection. Thread-safe. */
final class Requests {
    /*
     * Redisson keeps books while it sends: a permit for each connection, entries of a pool, promises with their callbacks, a
     * timeout on its timer. An Error in the middle of that (a stack that is used up, a heap that is full) loses the permit, or
     * ends the thread that would have completed a promise, and what waits then waits for ever. Hence:
     *
     *   sending    happens on the thread that reads and writes, whose stack is short. It has to be woken to send anyway. Whoever
     *              asks only puts it into that thread's queue, which an Error between its two steps would end for all: so room
     *              for it is made sure of first, and where there is none, nothing is sent.
     *   SENT       until it is answered or has failed. It is listed, so that it ends even where Redisson has lost it:
     *     -> ANSWERED / FAILED   by Redisson, within its timeout
     *     -> OVERDUE             by the watch, a moment later: a failure as any other. An answer that comes after that is dropped.
     *                            So are those for whose failure there was no memory
     *     -> ENDED               the connection is given up
     * The first of these counts.
     */

    /** Sends; on the thread that talks to Redis. */
    interface Sending {
        CompletionStage<List<Object>> send();
    }

    /** What netty's queue and the waking of its thread take, several times over. */
    private static final int HANDOVER_ROOM = 8_000;

    private static final int FILLS = 1_024;

    private final String address;
    private final EventExecutor io;
    private final Health health;
    private final Set<Request> underWay = ConcurrentHashMap.newKeySet();

    /** @param address for messages */
    Requests(String address, EventExecutor io, Health health) {
        this.address = address;
        this.io = io;
        this.health = health;
    }

    /**
     * Sends, unless this thread's stack is used up: then it fails with a StackOverflowError and nothing is sent.
     *
     * @param unknown sends the same with the script's text, if Redis doesn't know the script; null for nothing
     */
    CompletableFuture<List<Object>> send(Sending sending, Sending unknown) {
        boolean here = io.inEventLoop();
        Request request = new Request(sending, unknown);
        if (!here) {
            StackRoom.require(HANDOVER_ROOM, request.sent % FILLS == 0);
        }
        underWay.add(request);
        try {
            if (here) {
                // at once, so that it is sent in the order of what its thread does
                request.run();
            } else {
                io.execute(request);
            }
        } catch (RuntimeException | Error e) {
            request.fail(e);
        }
        return request;
    }

    /** Fails what Redisson should have ended by now. */
    void endOverdue(long nanos) {
        long now = System.nanoTime();
        for (Request request : underWay) {
            if (now - request.sent > nanos) {
                request.fail(new LostRequestException("a request had neither an answer nor a failure after "
                        + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms"));
            }
        }
    }

    /** Fails all: the connection is given up. */
    void endAll() {
        for (Request request : underWay) {
            request.fail(new LostRequestException("the connection was given up before the answer came"));
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
            } else if (unknown != null && Problems.unknownScript(failure)) {
                Sending whole = unknown;
                unknown = null;
                send(whole);
            } else {
                fail(failure);
            }
        }

        /** It is listed until it has ended: if there is no memory for that, the watch ends it. */
        void fail(Throwable why) {
            if (!isDone()) {
                Throwable cause = Problems.unwrap(why);
                if (Health.isAnswer(cause)) {
                    health.answered();
                } else {
                    health.failed(cause);
                }
                completeExceptionally(Problems.explain(address, cause));
            }
            underWay.remove(this);
        }
    }
}
