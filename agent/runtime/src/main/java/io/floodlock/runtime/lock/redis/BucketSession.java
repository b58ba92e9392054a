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
 * This JVM's session in one bucket. It is opened at the first request, and replaced by a new session when it has
 * ended; no key and no request moves from the old session to the new one. {@code RedisBucket} uses it for all its
 * requests. Read {@code Session} for the states of a session. Thread-safe.
 */
final class BucketSession {

    private static final Logger log = LoggerFactory.getLogger(BucketSession.class);

    /**
     * After this time, 10 s, an attempt to open a session is given up. That is longer than all its requests may take,
     * so an Error has ended the code that would have completed it.
     */
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

    /** The latest session; null if none has been opened, or if it was found ended. */
    Session current() {
        return current;
    }

    /** The same, but null if the session has ended. */
    Session live() {
        Session session = current;
        return session == null || session.status() == Session.Status.ENDED ? null : session;
    }

    /** The session that has not ended, or a new one. Fails if the layout differs or Redis does not answer. */
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
        // on another thread: the calling thread may hold the mutex of one lock, and the listeners take those of
        // others
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
                // this attempt was given up: its session is never used, and expires in Redis
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
                                        + " took longer to open a session than floodlock.lease. Set a longer lease.");
                    }
                    session.acknowledge(reply.versionLeft());
                    return session;
                });
    }

    /**
     * Ends a session with all it holds, for the given reason. Returns at once; an agent thread notifies the holders
     * and waiters. Does nothing if the session has ended before.
     */
    void lose(Session session, String why) {
        if (!session.end()) {
            return;
        }
        forget(session);
        try {
            node.services().agentThreads().execute(() -> events.sessionEnded(session, why));
        } finally {
            // in Redis the session may live a little longer than this JVM relies on it
            close(session, false);
        }
        log.warn("A lock session of this JVM has ended: {}. Its locks are lost; the next request opens another.", why);
    }

    /** Ends a session that holds nothing and has no request in flight. */
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
     * Ends the session here and in Redis, for good, because this JVM is shutting down. Empty if there is no session.
     *
     * @param empty whether Redis has nothing stored for the session
     */
    Optional<EndedSession> end(boolean empty) {
        Session session = current;
        if (session == null || !session.leave()) {
            return Optional.empty();
        }
        return Optional.of(new EndedSession(session, close(session, empty)));
    }

    /**
     * Ends the session in Redis, which frees its keys.
     *
     * @param empty whether Redis has nothing stored for the session then
     */
    private CompletableFuture<?> close(Session session, boolean empty) {
        return calls.run(LockScripts.CLOSE, session.id(), empty ? "1" : "0");
    }
}
