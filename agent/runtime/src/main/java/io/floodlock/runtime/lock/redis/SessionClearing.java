package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.lock.store.Session;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Clears the state that ended sessions have left in one bucket. The keys of an ended session are free at once; clearing
 * only removes the entries that are still stored and grants the keys to waiters. {@code RedisBucket} calls it after a
 * session has ended in order or has shed keys, and when a renewal gives this JVM the turn to sweep. The comment below
 * describes the sweep. Thread-safe.
 */
final class SessionClearing {

    /*
     * A session ends by one call, however much it holds, because an absent session holds nothing. But what it held is
     * still stored. A JVM that ends in order clears that itself, in portions, and then removes its session from the
     * list of live sessions. What other JVMs leave, because they were killed or could not clear everything, is found
     * by sweeping:
     *
     *   AT REST      All listed sessions are alive. Each renewal checks only the one that would expire first. So a
     *                bucket with any number of locks costs no more.
     *   -> ENDED     That session has expired: it is removed from the list, and a round begins. An expired minimum
     *                hold names its lock, so it needs no round.
     *   -> A ROUND   It goes page by page over all fields of the bucket. If a session ends meanwhile, another round
     *                follows, because the pages already passed may contain what it left.
     *   -> AT REST   when no round is left to do.
     *
     * A session that sheds its locks and lives on causes a round too, because nothing would show later which of them
     * were not cleared. The list may be lost without the bucket (an eviction): then the next session that is renewed
     * is listed anew, and causes a round.
     *
     * Each bucket has one sweeping JVM at a time. The JVM that renews a session when a turn is due gets the turn with
     * the reply (renew.lua). While it continues, no other turn is due; if it dies, the next turn is due a third of a
     * lease later. The bucket stores where to continue. Pauses between the calls leave Redis to others for most of
     * the time. If all JVMs of a bucket have died, nobody sweeps, and the bucket expires.
     */

    /** The most names in one call of the clear script. Each takes Redis a few us. */
    private static final int AT_ONCE = 16;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private final RedisNode node;
    private final BucketScripts calls;

    SessionClearing(RedisNode node, BucketScripts calls) {
        this.node = node;
        this.calls = calls;
    }

    /**
     * Clears the keys that the session held and no longer holds. Completes when that is done, or fails.
     *
     * @param names the names of these keys
     * @param all whether nothing else is stored for the session
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

    /** It is this JVM's turn: sweeps until nothing is left to do, with pauses of 4 to 6 ms. */
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
