package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.store.Bucket;
import io.floodlock.runtime.lock.store.EndedSession;
import io.floodlock.runtime.lock.store.GrantEvents;
import io.floodlock.runtime.lock.store.GrantReply;
import io.floodlock.runtime.lock.store.GrantRequest;
import io.floodlock.runtime.lock.store.HeldGrant;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.lock.store.QueuePlace;
import io.floodlock.runtime.lock.store.RemoteTry;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.redis.RedisGateway;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bucket in Redis as this JVM uses it: its session there and all its requests about the names of that bucket. It
 * implements the guarantees of {@code LockStore} for this bucket, with one script per operation
 * ({@link LockScripts}). The lock table calls it through {@code Bucket}, and {@link LeaseRenewal} renews its session.
 * It delegates to {@code BucketSession}, {@code GrantRequests}, {@code PendingReleases}, {@code ReleaseBatcher},
 * {@code HoldReconciliation} and {@code SessionClearing}. Thread-safe.
 */
public final class RedisBucket implements Bucket {

    private static final Logger log = LoggerFactory.getLogger(RedisBucket.class);

    /**
     * After so many leases without a key that is held or requested, the session is ended, because renewing it would
     * have no use.
     */
    private static final int LEASES_UNUSED = 3;

    private final int index;
    private final RedisNode node;
    private final GrantEvents events;
    private final Runnable hurry;
    private final BucketSession sessions;
    private final BucketScripts calls;
    private final HoldReconciliation comparison;
    private final PendingReleases releases;
    private final ReleaseBatcher releaseCalls;
    private final GrantRequests requests;
    private final SessionClearing clearing;

    /** The number of keys of this bucket that this JVM holds or requests. */
    private final AtomicInteger keysHere = new AtomicInteger();

    /** When the latest of these keys was added, by nanoTime. */
    private volatile long usedNanos;

    /** @param hurry renews the leases now */
    RedisBucket(RedisNode node, GrantEvents events, Runnable hurry, BucketLayout layout, int index) {
        this.node = node;
        this.events = events;
        this.hurry = hurry;
        this.index = index;
        this.sessions = new BucketSession(node, events, layout, index);
        this.calls = sessions.calls();
        this.clearing = new SessionClearing(node, calls);
        this.comparison = new HoldReconciliation(node, events, this, sessions);
        this.releases = new PendingReleases(node.services().clock());
        this.requests = new GrantRequests(node, sessions, releases);
        this.releaseCalls = new ReleaseBatcher(
                releases,
                this::release,
                task -> node.redis().soon(task),
                node.services().clock());
    }

    /** The latest session; null if none has been opened, or if it was found ended. */
    public Session session() {
        return sessions.current();
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public void used() {
        usedNanos = node.services().clock().nanoTime();
        keysHere.incrementAndGet();
    }

    @Override
    public void unused() {
        keysHere.decrementAndGet();
    }

    @Override
    public void acquire(GrantRequest request, BiConsumer<GrantReply, FloodlockFailure> then) {
        requests.send(request, then);
    }

    @Override
    public void look(QueuePlace place, BiConsumer<QueuePlace, FloodlockFailure> then) {
        RedisQueuePlace turn = (RedisQueuePlace) place;
        calls.<QueuePlace>fields(values -> turn.after(values, System.nanoTime()), then, turn.fields());
    }

    @Override
    public void announceBusy(RemoteTry asker, String name, HeldGrant by) {
        calls.run(
                LockScripts.BUSY,
                asker.session(),
                Long.toString(asker.grant()),
                name,
                by == null ? asker.session() : by.session().id(),
                by == null ? "0" : Long.toString(by.grant()));
    }

    /** Continues the work on a lock that a script of this JVM stopped, because it would have taken too long. */
    void goOn(String name) {
        Session session = sessions.live();
        if (session != null) {
            calls.send(session, LockScripts.GO_ON, (reply, failure) -> {}, session.id(), name);
        }
    }

    /**
     * Gives a grant back without waiting. The release is repeated until Redis has acknowledged it or the session has
     * ended.
     */
    private void release(Session session, long grant, String name) {
        releaseLater(session, grant, name, null);
        flushReleases(true);
    }

    @Override
    public void releaseLater(Session session, long grant, String name, CompletableFuture<Void> known) {
        if (session != null && session.owesReleases()) {
            releases.add(session, grant, name, known);
        } else if (known != null) {
            known.complete(null);
        }
    }

    @Override
    public void flushReleases(boolean atOnce) {
        if (atOnce) {
            releaseCalls.flush();
        } else {
            releaseCalls.flushSoon();
        }
    }

    @Override
    public void releaseUnknown(String session, long grant, String name) {
        Session known = sessions.current();
        if (known != null && known.id().equals(session) && !releases.onItsWay(grant)) {
            release(known, grant, name);
        }
    }

    @Override
    public void releaseEnded(String session, long grant, String name) {
        Session known = sessions.current();
        if (known != null && known.id().equals(session) && known.status() == Session.Status.ENDED) {
            release(known, grant, name);
        }
    }

    private void release(Session session, Object[] arguments, BiConsumer<LockReply, FloodlockFailure> then) {
        calls.send(session, LockScripts.RELEASE, then, arguments);
    }

    @Override
    public void reserveTokens(HeldGrant grant, int count, BiConsumer<Long, FloodlockFailure> then) {
        Session session = grant.session();
        calls.send(
                session,
                LockScripts.TOKENS,
                (reply, failure) -> {
                    if (failure != null) {
                        then.accept(null, failure);
                    } else if (reply.is("ok")) {
                        then.accept(reply.number(2), null);
                    } else {
                        sessions.lose(session, "Redis no longer knows its holds");
                        then.accept(null, LockFailures.lost(grant.name()));
                    }
                },
                session.id(),
                Long.toString(grant.grant()),
                grant.name(),
                Integer.toString(count));
    }

    @Override
    public void keepTaken(HeldGrant grant, Duration span, String who, BiConsumer<Boolean, FloodlockFailure> then) {
        Session session = grant.session();
        calls.read(
                session,
                LockScripts.MIN_HOLD,
                reply -> reply.is("ok"),
                then,
                session.id(),
                Long.toString(grant.grant()),
                grant.name(),
                Long.toString(TimeUnit.NANOSECONDS.toMicros(span.toNanos())),
                who);
    }

    @Override
    public void await(CompletableFuture<?> answer, Duration patience) {
        node.redis().await(answer, patience);
    }

    @Override
    public void renewNow() {
        hurry.run();
    }

    @Override
    public CompletableFuture<Void> raise(long token) {
        return calls.run(LockScripts.RAISE, Long.toString(token)).thenAccept(reply -> {});
    }

    /**
     * Renews the lease over {@code client}, or ends the session if it is not used any more. Completes when Redis has
     * answered; fails if the renewal fails.
     */
    public CompletableFuture<?> renew(RedisGateway client) {
        Session session = sessions.current();
        if (session == null) {
            return CompletableFuture.completedFuture(null);
        }
        if (session.status() == Session.Status.ENDED) {
            sessions.leaseEnded(session);
            return CompletableFuture.completedFuture(null);
        }
        if (isLeft()) {
            return sessions.leave(session);
        }
        Session.Instant sent = Session.Instant.now(node.services().clock());
        CompletableFuture<Void> done = new CompletableFuture<>();
        calls.send(
                client,
                session,
                LockScripts.RENEW,
                (reply, failure) -> {
                    if (failure != null) {
                        done.completeExceptionally(failure);
                        return;
                    }
                    if (reply.is("ok")) {
                        boolean doubted = session.status() == Session.Status.DOUBTFUL;
                        session.renewed(sent);
                        if (doubted) {
                            node.services().agentThreads().execute(() -> events.recheck(this));
                        }
                        releaseCalls.again();
                        if (reply.text(2).equals("1")) {
                            clearing.sweep(session);
                        }
                    }
                    done.complete(null);
                },
                session.id());
        return done;
    }

    /**
     * Ends the session if its lease has passed, so that its holders and waiters are notified, while the lease is not
     * renewed.
     */
    void endIfLapsed() {
        Session session = sessions.current();
        if (session != null && session.status() == Session.Status.ENDED) {
            sessions.leaseEnded(session);
        }
    }

    /**
     * Whether the session is not used any more. A caller that requests a key at this moment finds the session ended,
     * or Redis answers so, and a new session is opened.
     */
    private boolean isLeft() {
        return keysHere.get() == 0
                && releases.allKnown()
                && node.services().clock().nanoTime() - usedNanos
                        > LEASES_UNUSED * node.lease().toNanos();
    }

    @Override
    public void shed(long upTo, List<Long> kept, List<String> names) {
        Session session = sessions.live();
        if (session == null) {
            return;
        }
        Object[] arguments = new Object[2 + kept.size()];
        arguments[0] = session.id();
        arguments[1] = Long.toString(upTo);
        for (int i = 0; i < kept.size(); i++) {
            arguments[2 + i] = Long.toString(kept.get(i));
        }
        calls.send(
                session,
                LockScripts.SHED,
                (reply, failure) -> {
                    if (failure != null) {
                        log.warn(
                                "Idle locks could not be released: {} They are free when this JVM has ended.",
                                failure.getMessage());
                    } else {
                        clearing.clear(session, names, false);
                    }
                },
                arguments);
    }

    /**
     * Compares this JVM's holds with those that Redis has, because Redis may have lost some. Local grants wait for
     * the outcome.
     */
    void compare() {
        comparison.begin();
    }

    @Override
    public void lose(Session session, String why) {
        sessions.lose(session, why);
    }

    @Override
    public void leaseEnded(Session session) {
        sessions.leaseEnded(session);
    }

    @Override
    public Optional<EndedSession> end() {
        return sessions.end(keysHere.get() == 0 && releases.allKnown());
    }

    @Override
    public CompletableFuture<?> clear(EndedSession ended, List<String> names) {
        boolean all = keysHere.get() == names.size() && releases.allKnown();
        return ended.closed().thenCompose(done -> clearing.clear(ended.session(), names, all));
    }
}
