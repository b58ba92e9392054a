package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.redis.RedisClient;
import io.floodlock.runtime.redis.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One bucket of names as this JVM sees it: its session there and what it asks of Redis. Thread-safe. */
final class Bucket {

    /*
     * A session is opened at the first request and replaced when it has ended; nothing moves from the old one to the new.
     *
     * Lost writes. A failover, or a restart from an old snapshot, may lose a hold while the session lives on, and renewal,
     * which looks at no hold, would hide that for hours. So every change of a hold raises the session's version in the same
     * hash, and every reply tells the version it found and the one it left. Replies of several connections overtake each
     * other, hence a reply is judged only against the highest version that was acknowledged before its request was sent. Was
     * a lower one found, writes are lost: the session ends here, with all its holds. What this may miss, writes lost while
     * several requests are under way, the comparison after a reconnection finds.
     */

    private static final Logger log = LoggerFactory.getLogger(Bucket.class);
    private static final int COMPARED_AT_ONCE = 500;

    final int index;
    private final Node node;
    private final Locks locks;
    private final Layout layout;
    private final String key;
    private final String number;

    private final ReentrantLock mutex = new ReentrantLock();
    private volatile Session current;
    private CompletableFuture<Session> opening;

    private final Releases releases;
    private volatile String sweepFrom = "0";

    Bucket(Node node, Locks locks, Layout layout, int index) {
        this.node = node;
        this.locks = locks;
        this.layout = layout;
        this.index = index;
        this.key = node.bucketKey(index);
        this.number = Integer.toString(index);
        this.releases = new Releases(this::release, task -> node.redis().soon(task), node.clock());
    }

    /** The session, if one has been opened and has not ended. */
    Session session() {
        return current;
    }

    /** Asks for a lock; {@code then} hears the reply or the failure, on another thread or at once. */
    void acquire(Ask ask, String name, BiConsumer<Reply, FloodlockFailure> then) {
        Session session = current;
        if (session != null && session.status() != Session.Status.ENDED) {
            acquire(session, ask, name, then);
            return;
        }
        open().whenComplete((opened, failure) -> {
            if (failure != null) {
                then.accept(null, node.redis().explain(failure));
            } else if (ask.givenUp) {
                then.accept(null, Failure.UNAVAILABLE.because("No longer wanted"));
            } else {
                acquire(opened, ask, name, then);
            }
        });
    }

    private void acquire(Session session, Ask ask, String name, BiConsumer<Reply, FloodlockFailure> then) {
        ask.session = session;
        List<Releases.Release> along = releases.along(session, name);
        Object[] arguments = new Object[6 + 2 * along.size()];
        arguments[0] = session.id;
        arguments[1] = Long.toString(ask.grant);
        arguments[2] = name;
        arguments[3] = ask.mode == Mode.EXCLUSIVE ? "x" : "s";
        arguments[4] = ask.who.toString();
        arguments[5] = ask.patient ? "1" : "0";
        Releases.put(along, arguments, 6);
        send(
                session,
                LockScripts.ACQUIRE,
                (reply, failure) -> {
                    releases.sent(along, failure);
                    then.accept(reply, failure);
                },
                arguments);
    }

    /**
     * Answers a session that doesn't wait and asked for what is in use here.
     *
     * @param by what it is in use by, for Redis to tell the next who ask; null if only this one is to be told
     */
    void tellBusy(String session, long grant, String name, Hold by) {
        node.redis()
                .run(
                        LockScripts.BUSY,
                        key,
                        node.channelPrefix(),
                        number,
                        session,
                        Long.toString(grant),
                        name,
                        by == null ? session : by.session.id,
                        by == null ? "0" : Long.toString(by.grant));
    }

    /** Gives a grant back without waiting; repeated until Redis has acknowledged it or the session has ended. */
    private void release(Session session, long grant, String name) {
        releaseLater(session, grant, name, null);
        flushReleases(true);
    }

    /**
     * The same, once {@link #flushReleases} is called, which is owed.
     *
     * @param known completed when Redis has answered, or can't; or null
     */
    void releaseLater(Session session, long grant, String name, CompletableFuture<Void> known) {
        if (session != null && session.status() != Session.Status.ENDED) {
            releases.add(session, grant, name, known);
        } else if (known != null) {
            known.complete(null);
        }
    }

    /** @param atOnce somebody is known to wait for one of them */
    void flushReleases(boolean atOnce) {
        if (atOnce) {
            releases.flush();
        } else {
            releases.flushSoon();
        }
    }

    /** Gives back what nobody here knows and Redis says is held or granted here, unless it is on its way back already. */
    void releaseUnknown(String session, long grant, String name) {
        Session known = current;
        if (known != null && known.id.equals(session) && !releases.onItsWay(grant)) {
            release(known, grant, name);
        }
    }

    private void release(Session session, Object[] arguments, BiConsumer<Reply, FloodlockFailure> then) {
        send(session, LockScripts.RELEASE, then, arguments);
    }

    /** Reserves tokens for more scopes under one grant; {@code then} hears the reply or the failure. */
    void reserveTokens(Hold hold, int count, BiConsumer<Reply, FloodlockFailure> then) {
        send(
                hold.session,
                LockScripts.TOKENS,
                then,
                hold.session.id,
                Long.toString(hold.grant),
                hold.lock.name,
                Integer.toString(count));
    }

    /** Lets the next tokens of this bucket be greater than {@code token}. */
    CompletableFuture<Void> raise(long token) {
        return node.redis()
                .run(LockScripts.RAISE, key, node.channelPrefix(), number, Long.toString(token))
                .thenAccept(reply -> {});
    }

    /** Renews the lease over {@code client}. */
    CompletableFuture<?> renew(RedisClient client) {
        Session session = current;
        if (session == null) {
            return CompletableFuture.completedFuture(null);
        }
        if (session.status() == Session.Status.ENDED) {
            lose(session, "its lease could not be renewed in time");
            return CompletableFuture.completedFuture(null);
        }
        Session.Instant sent = Session.Instant.now(node.clock());
        CompletableFuture<Void> done = new CompletableFuture<>();
        send(
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
                            node.agentThreads().execute(() -> locks.recheck(this));
                        }
                        releases.again();
                    }
                    done.complete(null);
                },
                session.id);
        return done;
    }

    /** Clears some of what JVMs that died have left; a few calls go round all. */
    void sweep() {
        Session session = current;
        if (session == null || session.status() == Session.Status.ENDED) {
            return;
        }
        send(
                session,
                LockScripts.SWEEP,
                (reply, failure) -> {
                    if (failure == null && reply.is("ok")) {
                        sweepFrom = Long.toUnsignedString(Long.parseUnsignedLong(reply.text(2)));
                    }
                },
                session.id,
                sweepFrom);
    }

    /** Compares this JVM's holds with what Redis knows, as it may have lost some; local grants wait for the outcome. */
    void compare() {
        Session session = current;
        if (session != null && session.status() != Session.Status.ENDED && session.suspect()) {
            compare(session);
        }
    }

    private void compare(Session session) {
        long suspicions = session.suspicions();
        List<Hold> holds = locks.holdsOf(session);
        List<CompletableFuture<Void>> chunks = new ArrayList<>();
        for (int from = 0; from == 0 || from < holds.size(); from += COMPARED_AT_ONCE) {
            chunks.add(compare(session, holds.subList(from, Math.min(holds.size(), from + COMPARED_AT_ONCE))));
        }
        CompletableFuture.allOf(chunks.toArray(CompletableFuture[]::new)).whenComplete((ok, failure) -> {
            if (failure == null && session.clear(suspicions)) {
                locks.recheck(this);
            } else if (session.status() != Session.Status.ENDED) {
                // still no word from Redis: the next renewal's answer, or the lease's end, comes first
                CompletableFuture.delayedExecutor(failure == null ? 0 : 100, TimeUnit.MILLISECONDS, node.agentThreads())
                        .execute(() -> compare(session));
            }
        });
    }

    private CompletableFuture<Void> compare(Session session, List<Hold> holds) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Object[] arguments = new Object[1 + 2 * holds.size()];
        arguments[0] = session.id;
        for (int i = 0; i < holds.size(); i++) {
            arguments[1 + 2 * i] = Long.toString(holds.get(i).grant);
            arguments[2 + 2 * i] = holds.get(i).lock.name;
        }
        send(
                session,
                LockScripts.HOLDS,
                (reply, failure) -> {
                    if (failure != null) {
                        done.completeExceptionally(failure);
                        return;
                    }
                    for (int i = 0; reply.is("ok") && i < holds.size(); i++) {
                        // one that was given back meanwhile is missing rightly
                        if (!reply.text(2 + i).equals("1") && holds.get(i).lock.stillHolds(holds.get(i))) {
                            lose(session, "Redis has lost the hold of " + holds.get(i).lock.name);
                        }
                    }
                    done.complete(null);
                },
                arguments);
        return done;
    }

    /** Gives back, in one call, all that this JVM has here under grant ids up to {@code upTo}, but for what it still has. */
    void shed(long upTo, List<Long> kept) {
        Session session = current;
        if (session == null || session.status() == Session.Status.ENDED) {
            return;
        }
        Object[] arguments = new Object[2 + kept.size()];
        arguments[0] = session.id;
        arguments[1] = Long.toString(upTo);
        for (int i = 0; i < kept.size(); i++) {
            arguments[2 + i] = Long.toString(kept.get(i));
        }
        send(
                session,
                LockScripts.SHED,
                (reply, failure) -> {
                    if (failure != null) {
                        log.warn(
                                "Idle locks could not be given back: {} They are free when this JVM has ended.",
                                failure.getMessage());
                    }
                },
                arguments);
    }

    /** Ends a session with all it holds. Returns at once; who holds and waits hears of it on an agent thread. */
    void lose(Session session, String why) {
        if (!session.end()) {
            return;
        }
        mutex.lock();
        try {
            if (current == session) {
                current = null;
            }
        } finally {
            mutex.unlock();
        }
        log.warn("The lock session of this JVM has ended: {}. What it held is lost; a new session begins.", why);
        node.agentThreads().execute(() -> locks.sessionEnded(session, why));
        // Redis may let it live a little longer than this JVM dares
        close(session);
    }

    /** Ends the session here and in Redis, for good: this JVM shuts down. Empty if there is none. */
    Optional<CompletableFuture<?>> end() {
        Session session = current;
        return session != null && session.end() ? Optional.of(close(session)) : Optional.empty();
    }

    /** Ends the session in Redis: frees what it holds and tells those who wait. */
    private CompletableFuture<?> close(Session session) {
        return node.redis().run(LockScripts.CLOSE, key, node.channelPrefix(), number, session.id);
    }

    private CompletableFuture<Session> open() {
        CompletableFuture<Session> attempt;
        mutex.lock();
        try {
            Session session = current;
            if (session != null && session.status() != Session.Status.ENDED) {
                return CompletableFuture.completedFuture(session);
            }
            if (session != null) {
                lose(session, "its lease could not be renewed in time");
            }
            if (opening != null) {
                return opening;
            }
            attempt = new CompletableFuture<>();
            opening = attempt;
        } finally {
            mutex.unlock();
        }
        // on another thread: this one may hold the mutex of one lock, and the listeners take those of others
        layout.check()
                .thenCompose(same -> openSession())
                .whenCompleteAsync((opened, failure) -> opened(attempt, opened, failure), node.agentThreads());
        return attempt;
    }

    private void opened(CompletableFuture<Session> attempt, Session session, Throwable failure) {
        mutex.lock();
        try {
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
        Session.Instant sent = Session.Instant.now(node.clock());
        Session session = new Session(node.newSessionId(), node.clock(), node.lease(), sent);
        return node.redis()
                .run(
                        LockScripts.OPEN,
                        key,
                        node.channelPrefix(),
                        number,
                        session.id,
                        Long.toString(TimeUnit.NANOSECONDS.toMicros(node.lease().toNanos())),
                        node.label())
                .thenApply(fields -> {
                    Reply reply = new Reply(fields);
                    if (!reply.is("ok")) {
                        throw Failure.UNAVAILABLE.because(
                                "Redis at " + node.redis().address()
                                        + " took longer to open a session than floodlock.lease lasts. Give a longer lease.");
                    }
                    session.acknowledge(reply.versionLeft());
                    return session;
                });
    }

    private void send(Session session, Script script, BiConsumer<Reply, FloodlockFailure> then, Object... arguments) {
        send(node.redis(), session, script, then, arguments);
    }

    private void send(
            RedisClient client,
            Session session,
            Script script,
            BiConsumer<Reply, FloodlockFailure> then,
            Object... arguments) {
        long floor = session.acknowledged();
        Object[] all = new Object[2 + arguments.length];
        all[0] = node.channelPrefix();
        all[1] = number;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        client.run(script, key, all).whenComplete((fields, failure) -> {
            Reply reply = null;
            FloodlockFailure problem = null;
            try {
                if (failure != null) {
                    problem = client.explain(failure);
                } else {
                    reply = judge(session, floor, new Reply(fields));
                }
            } catch (RuntimeException e) {
                problem = client.explain(e);
            }
            try {
                then.accept(reply, problem);
            } catch (RuntimeException | Error e) {
                log.error("A reply of Redis about locks could not be handled", e);
            }
        });
    }

    private Reply judge(Session session, long floor, Reply reply) {
        if (reply.is("lost")) {
            lose(session, "Redis no longer knows it: it expired there, or Redis has lost its data");
        } else if (reply.versionFound() < floor) {
            lose(session, "Redis has lost writes");
            return new Reply(List.of("lost"));
        } else {
            session.acknowledge(reply.versionLeft());
        }
        return reply;
    }
}
