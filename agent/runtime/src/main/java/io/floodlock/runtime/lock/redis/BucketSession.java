package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.lock.store.EndedSession;
import io.floodlock.runtime.lock.store.GrantEvents;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.lock.store.Session;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This JVM's session in one bucket: opened at the first request and replaced when it has ended; nothing moves from the old one
 * to the new. Thread-safe.
 */
final class BucketSession {

    private static final Logger log = LoggerFactory.getLogger(BucketSession.class);

    /** Longer than all its requests may take: an Error has ended what would have ended it. */
    private static final long OPENING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final RedisNode node;
    private final GrantEvents events;
    private final BucketLayout layout;
    private final BucketScripts calls;

    private final ReentrantLock mutex = new ReentrantLock();
    private volatile Session current;
    private CompletableFuture<Session> opening;
    private long openingSince;

    BucketSession(RedisNode node, GrantEvents events, BucketLayout layout, int bucket) {
        this.node = node;
        this.events = events;
        this.layout = layout;
        this.calls = new BucketScripts(node, bucket, this::lose);
    }

    BucketScripts calls() {
        return calls;
    }

    /** The last one, if one has been opened and wasn't found ended. */
    Session current() {
        return current;
    }

    /** The same, but null if it has ended. */
    Session live() {
        Session session = current;
        return session == null || session.status() == Session.Status.ENDED ? null : session;
    }

    /** The live one, or a new one. */
    CompletableFuture<Session> open() {
        CompletableFuture<Session> attempt;
        mutex.lock();
        try {
            Session session = current;
            if (session != null && session.status() != Session.Status.ENDED) {
                return CompletableFuture.completedFuture(session);
            }
            if (session != null) {
                leaseEnded(session);
            }
            if (opening != null && System.nanoTime() - openingSince < OPENING_NANOS) {
                return opening;
            }
            attempt = new CompletableFuture<>();
            opening = attempt;
            openingSince = System.nanoTime();
        } finally {
            mutex.unlock();
        }
        // on another thread: this one may hold the mutex of one lock, and the listeners take those of others
        layout.check()
                .thenCompose(same -> openSession())
                .whenCompleteAsync(
                        (opened, failure) -> opened(attempt, opened, failure),
                        node.services().agentThreads());
        return attempt;
    }

    private void opened(CompletableFuture<Session> attempt, Session session, Throwable failure) {
        mutex.lock();
        try {
            if (opening != attempt) {
                // given up: the session is never used, and expires
                attempt.completeExceptionally(
                        LockFailures.unanswered(node.redis().address()));
                return;
            }
            opening = null;
            if (failure == null) {
                current = session;
            }
        } finally {
            mutex.unlock();
        }
        if (failure == null) {
            attempt.complete(session);
        } else {
            attempt.completeExceptionally(failure);
        }
    }

    private CompletableFuture<Session> openSession() {
        Session.Instant sent = Session.Instant.now(node.services().clock());
        Session session = new Session(node.newSessionId(), node.services().clock(), node.lease(), sent);
        return calls.run(
                        LockScripts.OPEN,
                        session.id(),
                        Long.toString(TimeUnit.NANOSECONDS.toMicros(node.lease().toNanos())),
                        node.services().label())
                .thenApply(fields -> {
                    LockReply reply = new LockReply(fields);
                    if (!reply.is("ok")) {
                        throw Failure.UNAVAILABLE.because(
                                "Redis at " + node.redis().address()
                                        + " took longer to open a session than floodlock.lease lasts. Give a longer lease.");
                    }
                    session.acknowledge(reply.versionLeft());
                    return session;
                });
    }

    /** Ends a session with all it holds. Returns at once; who holds and waits hears of it on an agent thread. */
    void lose(Session session, String why) {
        if (!session.end()) {
            return;
        }
        forget(session);
        try {
            node.services().agentThreads().execute(() -> events.sessionEnded(session, why));
        } finally {
            // Redis may let it live a little longer than this JVM dares
            close(session, false);
        }
        log.warn("The lock session of this JVM has ended: {}. What it held is lost; a new session begins.", why);
    }

    /** Ends a session of which nothing is held or asked. */
    CompletableFuture<?> leave(Session session) {
        if (!session.end()) {
            return CompletableFuture.completedFuture(null);
        }
        forget(session);
        return close(session, true);
    }

    private void forget(Session session) {
        mutex.lock();
        try {
            if (current == session) {
                current = null;
            }
        } finally {
            mutex.unlock();
        }
    }

    void leaseEnded(Session session) {
        lose(session, "its lease could not be renewed in time");
    }

    /**
     * Ends the session here and in Redis, for good: this JVM shuts down. Empty if there is none.
     *
     * @param empty whether it has nothing there
     */
    Optional<EndedSession> end(boolean empty) {
        Session session = current;
        if (session == null || !session.leave()) {
            return Optional.empty();
        }
        return Optional.of(new EndedSession(session, close(session, empty)));
    }

    /**
     * Ends the session in Redis, and so frees what it holds.
     *
     * @param empty whether nothing is left of it then
     */
    private CompletableFuture<?> close(Session session, boolean empty) {
        return calls.run(LockScripts.CLOSE, session.id(), empty ? "1" : "0");
    }
}
