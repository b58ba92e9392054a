package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.redis.RedisClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One bucket of names as this JVM sees it: its session there and what it asks of Redis. Thread-safe. */
final class Bucket {

    private static final Logger log = LoggerFactory.getLogger(Bucket.class);

    /** After so many leases without a key to hold or to ask for the session is ended: it would be renewed for nothing. */
    private static final int LEASES_UNUSED = 3;

    final int index;
    private final Node node;
    private final Locks locks;
    private final Sessions sessions;
    private final BucketCalls calls;
    private final Comparison comparison;
    private final Releases releases;
    private final Words words = new Words();
    private final Clearing clearing;

    /** Keys of this bucket that this JVM holds or asks for, and when the last of them came up, by nanoTime. */
    private final AtomicInteger keysHere = new AtomicInteger();

    private volatile long usedNanos;

    Bucket(Node node, Locks locks, Layout layout, int index) {
        this.node = node;
        this.locks = locks;
        this.index = index;
        this.sessions = new Sessions(node, locks, layout, index);
        this.calls = sessions.calls();
        this.clearing = new Clearing(node, calls);
        this.comparison = new Comparison(node, locks, this, sessions);
        this.releases = new Releases(
                this::release, task -> node.redis().soon(task), node.services().clock());
    }

    /** The session, if one has been opened and has not ended. */
    Session session() {
        return sessions.current();
    }

    /** A key of this bucket is held or asked for here from now on; {@link #unused()} is owed. */
    void used() {
        usedNanos = node.services().clock().nanoTime();
        keysHere.incrementAndGet();
    }

    void unused() {
        keysHere.decrementAndGet();
    }

    /** Asks for a lock; {@code then} hears the reply or the failure, on another thread or at once. */
    void acquire(Ask ask, String name, BiConsumer<Reply, FloodlockFailure> then) {
        Session session = sessions.live();
        if (session != null) {
            Word word =
                    ask.patient ? null : words.of(name, node.services().clock().nanoTime());
            if (word == null) {
                acquire(session, ask, name, then);
            } else {
                confirm(word, ask, name, then);
            }
            return;
        }
        sessions.open().whenComplete((opened, failure) -> {
            if (failure != null) {
                then.accept(null, node.redis().explain(failure));
            } else if (ask.givenUp) {
                then.accept(null, noLongerWanted());
            } else {
                acquire(opened, ask, name, then);
            }
        });
    }

    private static FloodlockFailure noLongerWanted() {
        return Failure.UNAVAILABLE.because("No longer wanted");
    }

    /** Refuses one who doesn't wait if the holder's word still stands in Redis; else asks for the lock. */
    private void confirm(Word word, Ask ask, String name, BiConsumer<Reply, FloodlockFailure> then) {
        calls.read(
                (fields, failure) -> {
                    if (failure == null
                            && word.stands(fields, node.services().clock().nanoTime())) {
                        then.accept(Reply.busy(word.holder()), null);
                        return;
                    }
                    words.forget(word);
                    if (failure != null) {
                        then.accept(null, failure);
                    } else if (ask.givenUp) {
                        then.accept(null, noLongerWanted());
                    } else {
                        acquire(ask, name, then);
                    }
                },
                word.fields());
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
        long sent = node.services().clock().nanoTime();
        calls.send(
                session,
                LockScripts.ACQUIRE,
                (reply, failure) -> {
                    releases.sent(along, failure);
                    then.accept(reply, failure);
                    if (reply != null && !ask.patient) {
                        words.learn(reply.word(name, sent));
                    }
                },
                arguments);
    }

    /**
     * Answers a session that doesn't wait and asked for what is in use here.
     *
     * @param by what it is in use by, for Redis to tell the next who ask; null if only this one is to be told
     */
    void tellBusy(String session, long grant, String name, Hold by) {
        calls.run(
                LockScripts.BUSY,
                session,
                Long.toString(grant),
                name,
                by == null ? session : by.session.id,
                by == null ? "0" : Long.toString(by.grant));
    }

    /** Looks, without a script, whether an ask still stands in its queue and may go on waiting. */
    void look(Turn turn, BiConsumer<List<Object>, FloodlockFailure> then) {
        calls.read(then, turn.fields());
    }

    /** Goes on with a lock where a script of this JVM has stopped, as it would have taken too long. */
    void goOn(String name) {
        Session session = sessions.live();
        if (session != null) {
            calls.send(session, LockScripts.GO_ON, (reply, failure) -> {}, session.id, name);
        }
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
        if (session != null && session.owesReleases()) {
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
        Session known = sessions.current();
        if (known != null && known.id.equals(session) && !releases.onItsWay(grant)) {
            release(known, grant, name);
        }
    }

    /**
     * Tells who waits for a grant of a session that has ended, as this JVM shuts down, that it is free: to clear all that it held
     * takes longer.
     */
    void releaseEnded(String session, long grant, String name) {
        Session known = sessions.current();
        if (known != null && known.id.equals(session) && known.status() == Session.Status.ENDED) {
            release(known, grant, name);
        }
    }

    private void release(Session session, Object[] arguments, BiConsumer<Reply, FloodlockFailure> then) {
        calls.send(session, LockScripts.RELEASE, then, arguments);
    }

    /** Reserves tokens for more scopes under one grant; {@code then} hears the reply or the failure. */
    void reserveTokens(Hold hold, int count, BiConsumer<Reply, FloodlockFailure> then) {
        calls.send(
                hold.session,
                LockScripts.TOKENS,
                then,
                hold.session.id,
                Long.toString(hold.grant),
                hold.lock.name,
                Integer.toString(count));
    }

    /** Keeps the key taken for {@code span} from now, whatever becomes of the hold; {@code then} hears reply or failure. */
    void keepTaken(Hold hold, Duration span, String who, BiConsumer<Reply, FloodlockFailure> then) {
        calls.send(
                hold.session,
                LockScripts.MIN_HOLD,
                then,
                hold.session.id,
                Long.toString(hold.grant),
                hold.lock.name,
                Long.toString(TimeUnit.NANOSECONDS.toMicros(span.toNanos())),
                who);
    }

    /** Lets the next tokens of this bucket be greater than {@code token}. */
    CompletableFuture<Void> raise(long token) {
        return calls.run(LockScripts.RAISE, Long.toString(token)).thenAccept(reply -> {});
    }

    /** Renews the lease over {@code client}. */
    CompletableFuture<?> renew(RedisClient client) {
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
                            node.services().agentThreads().execute(() -> locks.recheck(this));
                        }
                        releases.again();
                        if (reply.text(2).equals("1")) {
                            clearing.sweep(session);
                        }
                    }
                    done.complete(null);
                },
                session.id);
        return done;
    }

    /** The lease is not renewed: who relies on it learns when it has ended. */
    void endIfLapsed() {
        Session session = sessions.current();
        if (session != null && session.status() == Session.Status.ENDED) {
            sessions.leaseEnded(session);
        }
    }

    /**
     * Whether the session is of no more use. Who asks for a key at this moment finds the session ended, or is answered so, and
     * opens another.
     */
    private boolean isLeft() {
        return keysHere.get() == 0
                && releases.allKnown()
                && node.services().clock().nanoTime() - usedNanos
                        > LEASES_UNUSED * node.lease().toNanos();
    }

    /**
     * Gives back, in one call, all that this JVM has here under grant ids up to {@code upTo}, but for what it still has.
     *
     * @param names of what is given back
     */
    void shed(long upTo, List<Long> kept, List<String> names) {
        Session session = sessions.live();
        if (session == null) {
            return;
        }
        Object[] arguments = new Object[2 + kept.size()];
        arguments[0] = session.id;
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
                                "Idle locks could not be given back: {} They are free when this JVM has ended.",
                                failure.getMessage());
                    } else {
                        clearing.clear(session, names, false);
                    }
                },
                arguments);
    }

    /** Compares this JVM's holds with what Redis knows, as it may have lost some; local grants wait for the outcome. */
    void compare() {
        comparison.begin();
    }

    /** Ends a session with all it holds. Returns at once; who holds and waits hears of it on an agent thread. */
    void lose(Session session, String why) {
        sessions.lose(session, why);
    }

    void leaseEnded(Session session) {
        sessions.leaseEnded(session);
    }

    /** Ends the session here and in Redis, for good: this JVM shuts down. Empty if there is none. {@link #clear} is owed. */
    Optional<Sessions.Ended> end() {
        return sessions.end(keysHere.get() == 0 && releases.allKnown());
    }

    /**
     * Clears what the ended session held; completes when nothing is left of that.
     *
     * @param names what it held
     */
    CompletableFuture<?> clear(Sessions.Ended ended, List<String> names) {
        boolean all = keysHere.get() == names.size() && releases.allKnown();
        return ended.closed().thenCompose(done -> clearing.clear(ended.session(), names, all));
    }
}
