package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.lock.store.Session;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Clears in one bucket what ended sessions have left there. Thread-safe. */
final class SessionClearing {

    /*
     * A session ends by one call, however much it holds, as an absent session holds nothing. But what it held is still
     * written there. A JVM that ends in order clears that itself, by portions, and then strikes its session from the list of
     * those that live. What others leave, who were killed or could not clear all, is found by sweeping:
     *
     *   AT REST      all that are listed live, and nothing is looked at but the one of them that would expire first, with each
     *                renewal. A bucket of any number of locks costs no more
     *   -> ENDED     that one has expired: it is struck, and a round begins. One of a minimum hold tells its lock, and needs none
     *   -> A ROUND   goes page by page over all fields of the bucket. Who ends meanwhile lets another one follow, as the pages
     *                behind may have what it left
     *   -> AT REST   when no round is left to do
     *
     * Who sheds its locks and lives on lets a round begin too, as nothing would tell later what of it was not cleared. The list
     * may be lost without the bucket (an eviction): who renews its session is listed anew then, and lets a round begin.
     *
     * Sweeping has one worker in each bucket. Whoever renews a session when a turn is due gets it with the answer (renew.lua);
     * as long as it goes on, no other turn is due, and when it dies the next comes a third of a lease later. The bucket knows
     * where to go on. There are pauses that leave Redis to others for most of the time. If all JVMs of a bucket have died nobody
     * sweeps, and the bucket expires.
     */

    /** Each takes Redis a few us. */
    private static final int AT_ONCE = 16;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private final RedisNode node;
    private final BucketScripts calls;

    SessionClearing(RedisNode node, BucketScripts calls) {
        this.node = node;
        this.calls = calls;
    }

    /**
     * Clears what the session has held, which it holds no more; completes when that is done, or fails.
     *
     * @param all whether nothing else is left of the session
     */
    CompletableFuture<?> clear(Session session, List<String> names, boolean all) {
        if (names.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        int size = Math.min(AT_ONCE, names.size());
        Object[] arguments = new Object[2 + size];
        arguments[0] = session.id();
        arguments[1] = all && size == names.size() ? "1" : "0";
        for (int i = 0; i < size; i++) {
            arguments[2 + i] = names.get(i);
        }
        return calls.run(LockScripts.CLEAR, arguments).thenCompose(fields -> {
            int done = (int) new LockReply(fields).number(2);
            return clear(session, names.subList(done, names.size()), all);
        });
    }

    /** It is this JVM's turn. */
    void sweep(Session session) {
        if (session.status() == Session.Status.ENDED) {
            return;
        }
        calls.send(
                session,
                LockScripts.SWEEP,
                (reply, failure) -> {
                    if (failure == null && reply.is("ok") && !reply.text(3).equals("1")) {
                        long pause = PAUSE_NANOS + ThreadLocalRandom.current().nextLong(PAUSE_NANOS / 2);
                        node.services().timer().after(pause, () -> sweep(session));
                    }
                },
                session.id());
    }
}
