package io.floodlock.runtime.lock;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Clears in one bucket what ended sessions have left there. Thread-safe. */
final class Clearing {

    /*
     * A session ends by one call, however much it holds, as an absent session holds nothing. But what it held is still
     * written there. A JVM that ends in order clears that itself, by portions. What killed ones leave is found by sweeping:
     * page by page over all fields of the bucket.
     *
     * Sweeping has one worker in each bucket. Whoever renews a session when a turn is due gets it with the answer (renew.lua);
     * as long as it goes on, no other turn is due, and when it dies the next comes a third of a lease later. The bucket knows
     * where to go on. A turn is a few pages, and goes on as long as it finds something, with pauses that leave Redis to others
     * for most of the time. If all JVMs of a bucket have died nobody sweeps, and the bucket expires.
     */

    /** Each takes Redis a few us. */
    private static final int AT_ONCE = 32;

    private static final int PAGES = 16;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private final Node node;
    private final BucketCalls calls;

    Clearing(Node node, BucketCalls calls) {
        this.node = node;
        this.calls = calls;
    }

    /** Clears what the session has held, which it holds no more; completes when that is done, or fails. */
    CompletableFuture<?> clear(Session session, List<String> names) {
        if (names.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        int size = Math.min(AT_ONCE, names.size());
        Object[] arguments = new Object[1 + size];
        arguments[0] = session.id;
        for (int i = 0; i < size; i++) {
            arguments[1 + i] = names.get(i);
        }
        return calls.run(LockScripts.CLEAR, arguments)
                .thenCompose(reply -> clear(session, names.subList(size, names.size())));
    }

    /** It is this JVM's turn. */
    void sweep(Session session) {
        sweep(session, PAGES);
    }

    private void sweep(Session session, int pages) {
        if (session.status() == Session.Status.ENDED) {
            return;
        }
        calls.send(
                session,
                LockScripts.SWEEP,
                (reply, failure) -> {
                    if (failure != null || !reply.is("ok")) {
                        return;
                    }
                    boolean found = reply.number(2) > 0;
                    boolean round = reply.text(3).equals("1");
                    int left = found ? PAGES : round ? 0 : pages - 1;
                    if (left > 0) {
                        long pause = PAUSE_NANOS + ThreadLocalRandom.current().nextLong(PAUSE_NANOS / 2);
                        node.timer().after(pause, () -> sweep(session, left));
                    }
                },
                session.id);
    }
}
