package io.floodlock.runtime.lock.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.thread.SpinMutex;
import io.floodlock.runtime.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * Sends the releases of one bucket to Redis in batches: at most one release call is in flight, and everything that is
 * released meanwhile goes with the next. A release is kept and repeated until Redis has acknowledged it or its
 * session has ended, so that no grant stays held without a holder. {@code RedisBucket} uses it. The comment below
 * describes the states of a release. Thread-safe.
 */
final class ReleaseBatcher {

    /*
     * If no caller is known to wait for a released key, the release is left to the thread that writes to Redis, which
     * has to be woken to send it anyway. A thread that goes from one key to the next requests the next key in the
     * meantime, and that request takes along the releases that are due: one call then gives one key back and acquires
     * another. Where another JVM waits, the releasing thread sends the release itself.
     *
     * At most one call that only releases is in flight. A thread that finds none in flight begins it, and does not
     * wait for its answer; the answer begins the next call. So releases are as prompt as Redis's answers, and the
     * busier Redis is, the more releases a call contains.
     *
     * A grant that is held in Redis but not in this JVM would block others as long as this JVM lives. So a release
     * that has not been acknowledged is kept, whatever happens to the call that it was sent with, and sent again when
     * Redis answers again. Redis may have done it already: then it is a no-op there. A release of a session that has
     * ended is not needed. A release that is kept has one of these states, and is no longer kept once Redis has
     * acknowledged it:
     *
     *   OWED      It is in no list: a full heap had no room for it in the list when it was added, or its call has
     *             failed.
     *   DUE       It is listed for the next call.
     *   SENT      It is part of a call in flight. If it stays so for longer than any call takes, it was lost with its
     *             call because of an Error: then it counts as owed.
     *
     * The same limit applies to the mark that a call is in flight, and to the mark that another thread will begin
     * one: neither of them counts for longer than the operation that it represents may take.
     *
     * Another JVM's request may overtake a release. Then this JVM receives a revocation for a key that it no longer
     * has. A release in flight needs no answer. A release that should have arrived by then is sent again. The
     * revocation may also arrive after the acknowledgement of the release that it overtook, because it arrives over
     * another connection; where JVMs acquire a key in turn, that is usual. So a grant whose release was acknowledged
     * a moment ago needs no answer either. If Redis has lost that release in a failover, the waiter asks again when
     * this moment has passed, and then it is answered.
     */

    /**
     * The most releases in one call. More would keep Redis from other clients for too long: each takes it about 4 us.
     * If others wait for the keys, the script does fewer of them.
     */
    private static final int AT_ONCE = 16;

    /**
     * The most releases that a request takes along, because a caller waits for that request. Each takes Redis about
     * 50 us if others wait for the key.
     */
    private static final int ALONG = 2;

    /** Longer than a request may take: 10 s. */
    private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long ON_ITS_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * How many acknowledged grants are remembered. More than a moment produces would waste memory; fewer cost an
     * unnecessary call now and then.
     */
    private static final int LAST = 64;

    /** Runs the release script. */
    interface Sender {
        void send(Session session, Object[] arguments, BiConsumer<LockReply, FloodlockFailure> then);
    }

    private final Sender sender;
    private final Executor soon;
    private final Clock clock;
    private final SpinMutex mutex = new SpinMutex();

    /** The releases for the next call. */
    @GuardedBy("mutex")
    private final ArrayDeque<Release> due = new ArrayDeque<>();

    /** The releases that Redis may not know of, by grant id. */
    private final Map<Long, Release> unacknowledged = new ConcurrentHashMap<>();

    /**
     * A ring of the grants whose releases Redis acknowledged last, with the time of each in {@code acknowledgedAt}.
     */
    @GuardedBy("mutex")
    private final long[] acknowledged = new long[LAST];

    @GuardedBy("mutex")
    private final long[] acknowledgedAt = new long[LAST];

    @GuardedBy("mutex")
    private int lastAcknowledged;

    private final AtomicBoolean underWay = new AtomicBoolean();
    private final AtomicBoolean called = new AtomicBoolean();

    /** When the last release call began, by nanoTime. */
    private volatile long calledNanos;

    private enum State {
        OWED,
        DUE,
        SENT
    }

    static final class Release {
        private final Session session;
        private final long grant;
        private final String name;
        private final CompletableFuture<Void> known;
        private final long since;

        /** Guarded by the mutex, like the next field. */
        private State state = State.OWED;

        private long sent;

        /**
         * @param known completed when Redis has answered or cannot be reached, or needs no release; null if no caller
         *     waits for that
         */
        private Release(Session session, long grant, String name, CompletableFuture<Void> known, long since) {
            this.session = session;
            this.grant = grant;
            this.name = name;
            this.known = known;
            this.since = since;
        }
    }

    /** @param soon runs the sending of releases on another thread */
    ReleaseBatcher(Sender sender, Executor soon, Clock clock) {
        this.sender = sender;
        this.soon = soon;
        this.clock = clock;
    }

    /** Adds a release. The caller must call {@link #flush} or {@link #flushSoon} afterwards. */
    void add(Session session, long grant, String name, CompletableFuture<Void> known) {
        Release release = new Release(session, grant, name, known, clock.nanoTime());
        unacknowledged.put(grant, release);
        mutex.lock();
        try {
            makeDue(release);
        } catch (OutOfMemoryError e) {
            // the release is owed
        } finally {
            mutex.unlock();
        }
    }

    @GuardedBy("mutex")
    private void makeDue(Release release) {
        due.add(release);
        release.state = State.DUE;
    }

    /** Whether Redis has acknowledged all releases. */
    boolean allKnown() {
        return unacknowledged.isEmpty();
    }

    /** Whether the release of the grant is likely to reach Redis in a moment, or was acknowledged a moment ago. */
    boolean onItsWay(long grant) {
        long now = clock.nanoTime();
        // in this order, because an acknowledged release is noted before it is removed
        Release release = unacknowledged.get(grant);
        return release != null ? now - release.since < ON_ITS_WAY_NANOS : justAcknowledged(grant, now);
    }

    private boolean justAcknowledged(long grant, long now) {
        mutex.lock();
        try {
            for (int i = 0; i < LAST; i++) {
                if (acknowledged[i] == grant) {
                    return now - acknowledgedAt[i] < ON_ITS_WAY_NANOS;
                }
            }
            return false;
        } finally {
            mutex.unlock();
        }
    }

    /** Begins a release call if a release is due and no call is in flight. */
    void flush() {
        if (underWay.compareAndSet(false, true)) {
            sendAll();
        }
    }

    /** As {@link #flush}, on another thread. */
    void flushSoon() {
        if (!underWay.get() && called.compareAndSet(false, true)) {
            try {
                soon.execute(() -> {
                    called.set(false);
                    flush();
                });
            } catch (Throwable e) {
                called.set(false);
                throw e;
            }
        }
    }

    /** Redis answers again: sends all releases again that may not have reached it. */
    void again() {
        long now = clock.nanoTime();
        mutex.lock();
        try {
            for (Release release : unacknowledged.values()) {
                boolean lost = release.state == State.SENT && now - release.sent > LOST_NANOS;
                if (release.state == State.OWED || lost) {
                    makeDue(release);
                }
            }
        } finally {
            mutex.unlock();
        }
        called.set(false);
        if (underWay.get() && now - calledNanos > LOST_NANOS) {
            underWay.set(false);
        }
        flush();
    }

    /**
     * The due releases of other names that a request of {@code session} for {@code name} takes along. The caller must
     * call {@link #sent} with them.
     */
    List<Release> along(Session session, String name) {
        mutex.lock();
        try {
            return due.isEmpty() ? List.of() : next(session, name, ALONG);
        } finally {
            mutex.unlock();
        }
    }

    /** The call with these releases has ended: Redis has answered it, or {@code failure} gives the reason why not. */
    void sent(List<Release> releases, FloodlockFailure failure) {
        for (int i = 0; i < releases.size(); i++) {
            Release release = releases.get(i);
            if (failure == null) {
                acknowledged(release);
            } else {
                owe(release);
                heard(release);
            }
        }
    }

    /** The script had no time for these releases. */
    private void sendLater(List<Release> releases) {
        mutex.lock();
        try {
            releases.forEach(this::makeDue);
        } finally {
            mutex.unlock();
        }
    }

    private void owe(Release release) {
        mutex.lock();
        try {
            release.state = State.OWED;
        } finally {
            mutex.unlock();
        }
    }

    /**
     * After an Error no call counts as in flight, so that the next thread that has a release to send begins a new
     * one.
     */
    private void sendAll() {
        try {
            send();
        } catch (Throwable e) {
            underWay.set(false);
            throw e;
        }
    }

    private void send() {
        boolean answered = true;
        while (answered) {
            List<Release> batch = next();
            if (batch.isEmpty()) {
                underWay.set(false);
                // a release added just before this found a call in flight
                if (nothingDue() || !underWay.compareAndSet(false, true)) {
                    return;
                }
            } else {
                answered = sendOrOwe(batch);
            }
        }
    }

    private boolean sendOrOwe(List<Release> batch) {
        try {
            return send(batch);
        } catch (Throwable e) {
            for (int i = 0; i < batch.size(); i++) {
                owe(batch.get(i));
            }
            throw e;
        }
    }

    /**
     * The later one of two events continues with the next batch: the answer, or the return of the method that sent
     * the batch. Otherwise an answer that arrives at once, such as a refused connection, would nest one call deeper
     * for each batch.
     *
     * @return whether the caller must continue
     */
    private boolean send(List<Release> batch) {
        calledNanos = clock.nanoTime();
        Object[] arguments = new Object[1 + 2 * batch.size()];
        arguments[0] = batch.get(0).session.id();
        put(batch, arguments, 1);
        AtomicBoolean first = new AtomicBoolean();
        sender.send(batch.get(0).session, arguments, (reply, failure) -> {
            try {
                int done = reply == null ? batch.size() : (int) reply.number(2, batch.size());
                sent(batch.subList(0, done), failure);
                sendLater(batch.subList(done, batch.size()));
            } finally {
                if (!first.compareAndSet(false, true)) {
                    sendAll();
                }
            }
        });
        return !first.compareAndSet(false, true);
    }

    /** Writes the releases as the scripts expect them: pairs of grant id and name. */
    static void put(List<Release> releases, Object[] arguments, int from) {
        for (int i = 0; i < releases.size(); i++) {
            arguments[from + 2 * i] = Long.toString(releases.get(i).grant);
            arguments[from + 1 + 2 * i] = releases.get(i).name;
        }
    }

    private boolean nothingDue() {
        mutex.lock();
        try {
            return due.isEmpty();
        } finally {
            mutex.unlock();
        }
    }

    private List<Release> next() {
        mutex.lock();
        try {
            for (Release first = due.peek(); first != null; first = due.peek()) {
                if (first.session.owesReleases()) {
                    return next(first.session, null, AT_ONCE);
                }
                acknowledged(due.poll());
            }
            return List.of();
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Takes the first due releases as long as they are of this session, each name once and none of {@code otherThan}.
     */
    @GuardedBy("mutex")
    private List<Release> next(Session session, String otherThan, int most) {
        List<Release> batch = new ArrayList<>(Math.min(most, due.size()));
        Set<String> names = new HashSet<>();
        if (otherThan != null) {
            names.add(otherThan);
        }
        for (Release first = due.peek(); first != null && batch.size() < most; first = due.peek()) {
            if (first.session != session || !names.add(first.name)) {
                return batch;
            }
            Release release = due.poll();
            release.state = State.SENT;
            release.sent = clock.nanoTime();
            batch.add(release);
        }
        return batch;
    }

    private void acknowledged(Release release) {
        note(release.grant, clock.nanoTime());
        unacknowledged.remove(release.grant);
        heard(release);
    }

    private void note(long grant, long now) {
        mutex.lock();
        try {
            acknowledged[lastAcknowledged] = grant;
            acknowledgedAt[lastAcknowledged] = now;
            lastAcknowledged = (lastAcknowledged + 1) % LAST;
        } finally {
            mutex.unlock();
        }
    }

    private static void heard(Release release) {
        if (release.known != null) {
            release.known.complete(null);
        }
    }
}
