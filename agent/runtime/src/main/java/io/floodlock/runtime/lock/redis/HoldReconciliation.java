package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.lock.store.Bucket;
import io.floodlock.runtime.lock.store.GrantEvents;
import io.floodlock.runtime.lock.store.HeldGrant;
import io.floodlock.runtime.lock.store.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Compares this JVM's holds in one bucket with those that Redis has, after a connection was replaced: another node
 * may have taken over, and may have lost some holds. If one is missing, the session is lost with all it holds. While
 * a comparison runs, nothing is granted locally. {@code RedisBucket.compare} begins it. See {@code Session} for the
 * doubtful state. Thread-safe.
 */
final class HoldReconciliation {

    private static final int AT_ONCE = 16;
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final RedisNode node;
    private final GrantEvents events;
    private final Bucket bucket;
    private final BucketSession sessions;

    HoldReconciliation(RedisNode node, GrantEvents events, Bucket bucket, BucketSession sessions) {
        this.node = node;
        this.events = events;
        this.bucket = bucket;
        this.sessions = sessions;
    }

    /** Begins a comparison unless one is running already. Local grants wait for the outcome. */
    void begin() {
        Session session = sessions.live();
        if (session != null && session.suspect()) {
            compare(session);
        }
    }

    private void compare(Session session) {
        long suspicions = session.suspicions();
        List<? extends HeldGrant> holds = events.holdsOf(session);
        List<CompletableFuture<Void>> chunks = new ArrayList<>();
        for (int from = 0; from == 0 || from < holds.size(); from += AT_ONCE) {
            chunks.add(compare(session, holds.subList(from, Math.min(holds.size(), from + AT_ONCE))));
        }
        CompletableFuture.allOf(chunks.toArray(CompletableFuture[]::new)).whenComplete((ok, failure) -> {
            if (failure == null && session.clear(suspicions)) {
                events.recheck(bucket);
            } else if (session.status() != Session.Status.ENDED) {
                // still in doubt; the next renewal's answer or the end of the lease may come before this repetition
                node.services()
                        .timer()
                        .after(
                                failure == null ? 0 : AGAIN_NANOS,
                                () -> node.services().agentThreads().execute(() -> compare(session)));
            }
        });
    }

    private CompletableFuture<Void> compare(Session session, List<? extends HeldGrant> holds) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Object[] arguments = new Object[1 + 2 * holds.size()];
        arguments[0] = session.id();
        for (int i = 0; i < holds.size(); i++) {
            arguments[1 + 2 * i] = Long.toString(holds.get(i).grant());
            arguments[2 + 2 * i] = holds.get(i).name();
        }
        sessions.calls()
                .send(
                        session,
                        LockScripts.HOLDS,
                        (reply, failure) -> {
                            if (failure != null) {
                                done.completeExceptionally(failure);
                                return;
                            }
                            for (int i = 0; reply.is("ok") && i < holds.size(); i++) {
                                // a hold that was given back in the meantime is rightly missing
                                if (!reply.text(2 + i).equals("1") && events.stillHolds(holds.get(i))) {
                                    sessions.lose(
                                            session,
                                            "Redis has lost its hold of the lock "
                                                    + holds.get(i).name());
                                }
                            }
                            done.complete(null);
                        },
                        arguments);
        return done;
    }
}
